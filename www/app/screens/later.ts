/** The screens that nobody sees first, as a script of their own: a file can be dropped before they are there. */
import "./check.ts";
import "./exceptions.ts";
import "./export.ts";
import "./matches.ts";
import "./summary.ts";

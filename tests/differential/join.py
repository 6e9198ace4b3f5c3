"""Matches orders with lines by their keys, as joins in SQL that know nothing of the engine.

Reads orders.csv and lines.csv of a folder and writes matches.json: each match as its rule, the rows
of its orders and those of its lines. Both tables have the columns dataset, row, reference, tx, number,
amount (minor units), currency and minute. A row is named once in a table; no two rows of a dataset
and side have one minute.
"""

import json
import sys
from pathlib import Path

import duckdb

NORMALISED = """
(with plain as (select upper(regexp_replace(reference, '[^A-Za-z0-9]', '', 'g')) as p),
      bare as (select regexp_replace(p, '^(INVOICE|ORDER|ORD|INV|REF|PAY|TXN|NO|PO)+(.)', '\\2') as b from plain)
 select case when regexp_full_match(b, '[0-9]+') then coalesce(nullif(ltrim(b, '0'), ''), '0') else b end from bare)
"""

# The key of an order and of a line in each pass.
PASSES = [
    ("M010", "tx", "tx"),
    ("M020", "reference", "reference"),
    ("M030", "number", "reference"),
    ("M030", "reference", "number"),
    ("M040", NORMALISED, NORMALISED),
]

# One pass. Of one key in one currency: a line that is the sum of its orders, or the reverse, is one
# match; else equal amounts pair from the oldest; of what is left, one order takes all lines that are
# not a transaction again, and several pair from the oldest.
PASS = """
create or replace temp table o as
  select *, {order_key} as key from orders where open and ({order_key}) <> '' {allowed};
create or replace temp table l as select *, {line_key} as key from lines where open and ({line_key}) <> '';
create or replace temp table g as
  select * from (select key, currency, count(*) as orders, sum(amount) as ordered,
                        arg_min(reference, minute) as first from o group by all)
           join (select key, currency, count(*) as lines, sum(amount) as settled from l group by all)
           using (key, currency);
create or replace temp table whole as
  select key, currency from g where ordered = settled and (
    (orders = 1 and lines > 1) or
    (orders > 1 and lines = 1 and
     (select count(*) from o where o.key = g.key and o.currency = g.currency and o.reference = g.first) = 1));
create or replace temp table eo as
  select *, row_number() over (partition by key, currency, amount order by minute) as n
  from o semi join g using (key, currency) anti join whole using (key, currency);
create or replace temp table el as
  select *, row_number() over (partition by key, currency, amount order by minute) as n
  from l semi join g using (key, currency) anti join whole using (key, currency);
create or replace temp table equal as
  select eo.row as o, el.row as l from eo join el using (key, currency, amount, n);
create or replace temp table lo as select * from eo where row not in (select o from equal);
create or replace temp table ll as
  select *, row_number() over (partition by key, currency, tx, amount order by minute) as copy
  from el where row not in (select l from equal);
create or replace temp table lo2 as
  select *, row_number() over (partition by key, currency order by minute) as place,
         count(*) over (partition by key, currency) as orders
  from lo semi join ll using (key, currency);
create or replace temp table ll2 as
  select *, row_number() over (partition by key, currency order by minute) as place
  from ll semi join lo using (key, currency) where tx = '' or copy = 1;
create or replace temp table made as
  select key || '|' || currency as name, 'o' as side, row from o semi join whole using (key, currency)
  union all select key || '|' || currency, 'l', row from l semi join whole using (key, currency)
  union all select 'e' || o, 'o', o from equal union all select 'e' || o, 'l', l from equal
  union all select 'r' || lo2.row, 'o', lo2.row from lo2
            where exists (select 1 from ll2 where ll2.key = lo2.key and ll2.currency = lo2.currency
                          and (lo2.orders = 1 or ll2.place = lo2.place))
  union all select 'r' || lo2.row, 'l', ll2.row from lo2 join ll2 using (key, currency)
            where lo2.orders = 1 or ll2.place = lo2.place;
update orders set open = false where row in (select row from made where side = 'o');
update lines set open = false where row in (select row from made where side = 'l');
"""

# A spelling that several references share is no key.
ONE_REFERENCE = """
and (dataset, {key}) in (select (dataset, {key}) from orders group by dataset, {key}
                         having count(distinct reference) = 1)
"""


def main() -> None:
    folder = Path(sys.argv[1])
    db = duckdb.connect()
    for name in ("orders", "lines"):
        # Data sets do not meet: a currency is one of its set.
        db.execute(
            f"create table {name} as select dataset::int as dataset, row::int as row,"
            f" coalesce(reference, '') as reference, coalesce(tx, '') as tx,"
            f" coalesce(number, '') as number, amount::bigint as amount,"
            f" dataset || ' ' || currency as currency, minute::int as minute, true as open"
            f" from read_csv('{folder / name}.csv', all_varchar = true, header = true, delim = ',')"
        )
    found = []
    for rule, order_key, line_key in PASSES:
        allowed = ONE_REFERENCE.format(key=order_key) if rule == "M040" else ""
        db.execute(PASS.format(order_key=order_key, line_key=line_key, allowed=allowed))
        made = db.execute(
            "select list(row order by row) filter (side = 'o'),"
            " list(row order by row) filter (side = 'l') from made group by name"
        )
        found += [[rule, orders, lines] for orders, lines in made.fetchall()]
    (folder / "matches.json").write_text(json.dumps(found))
    print(duckdb.__version__)


main()

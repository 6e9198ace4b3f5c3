//! A source's reader: bytes in, in chunks of any size, records out.
//!
//! It looks at the head to decide the [`Layout`], or takes one from the caller, and puts the
//! encoding and the reader of that layout together.

use super::container;
use super::delimited::DelimitedReader;
use super::dialect::Dialect;
use super::encoding::{Encoding, OpenDecoder, Text, bad_encoding};
use super::fixed_width::{FileDate, FixedWidthReader, file_date};
use super::guess::Guess;
use super::json;
use super::prepared::{Origin, PreparedReader, Source};
use super::record::{Counts, Flow, RecordSink, Rows};
use super::sniff::sniff;
use crate::error::Error;
use crate::limits;

/// How the bytes of a source become records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// How bytes become characters.
    pub encoding: Encoding,
    /// How characters become records.
    pub shape: Shape,
}

/// How the characters of a source become records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Lines of cells.
    Delimited(Dialect),
    /// One JSON text, or JSON Lines.
    Json,
    /// What a heavy reader made of a sheet or a statement.
    Prepared(Origin),
    /// Lines of cells at fixed widths.
    FixedWidth(FileDate),
}

impl Layout {
    /// Decides by the head of a source: up to [`limits::HEAD_BYTES`] of it; `complete` if that is
    /// all. The name helps only to tell damaged JSON from text.
    ///
    /// # Errors
    /// `ingest/empty`, `ingest/not-a-table`, `ingest/unsupported-container`, `ingest/bad-encoding`.
    pub fn detect(
        name: &str,
        head: &[u8],
        complete: bool,
        open: OpenDecoder,
    ) -> Result<Layout, Error> {
        let short = head.get(..limits::HEAD_BYTES).unwrap_or(head);
        let complete = complete && short.len() == head.len();
        if let Some(source) = Source::of(short) {
            let shape = Shape::Prepared(source.origin);
            return Ok(Layout { encoding: Encoding::Utf8, shape });
        }
        container::refuse(short, complete)?;
        let encoding = Encoding::detect(short, complete)?;
        let text = head_text(short, encoding, open)?;
        let shape = if let Some(date) = file_date(name) {
            Shape::FixedWidth(date)
        } else if json::is_json(name, &text) {
            if !is_for_json(encoding) {
                return Err(bad_encoding(first_above_ascii(short)).at_line(1));
            }
            Shape::Json
        } else {
            Shape::Delimited(sniff(&text, complete))
        };
        Ok(Layout { encoding, shape })
    }
}

/// The text of a head; what its end cuts is left out.
fn head_text(head: &[u8], encoding: Encoding, open: OpenDecoder) -> Result<String, Error> {
    let mut text = String::new();
    let mut take = |piece: &str| {
        text.push_str(piece);
        Ok(Flow::Continue(()))
    };
    let body = head.strip_prefix(encoding.mark()).unwrap_or(head);
    if encoding == Encoding::Utf8 {
        let cut = std::str::from_utf8(body).err().filter(|error| error.error_len().is_none());
        let whole = cut.and_then(|cut| body.get(..cut.valid_up_to())).unwrap_or(body);
        text.push_str(&String::from_utf8_lossy(whole));
    } else {
        let _ = Text::new(encoding, 0, open)?.push(body, &mut take)?;
    }
    Ok(text)
}

/// JSON is Unicode by its standard; GB18030 is met all the same.
fn is_for_json(encoding: Encoding) -> bool {
    use Encoding::{Gb18030, Utf8, Utf16Be, Utf16Le};
    matches!(encoding, Utf8 | Utf16Le | Utf16Be | Gb18030)
}

fn first_above_ascii(bytes: &[u8]) -> u64 {
    bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or_default() as u64
}

/// Reads one source; `push` its chunks, then `finish`.
///
/// Records come in bursts: the first [`limits::HEAD_BYTES`] are held back until the layout is
/// decided, and a JSON source is held whole. After `Break` or an error it must not be used again.
#[derive(Debug)]
pub struct SourceReader {
    name: String,
    open: OpenDecoder,
    layout: Option<Layout>,
    stage: Stage,
    bytes: u64,
}

#[derive(Debug)]
enum Stage {
    /// The head, while it is not enough to start with.
    Head(Vec<u8>),
    Reading(Box<Text>, Body),
    /// The head was taken and what follows it failed.
    Over,
}

#[derive(Debug)]
enum Body {
    Delimited(Box<DelimitedReader>),
    FixedWidth(FixedWidthReader),
    /// The text so far, where it starts, and the counts once it was read.
    Json(String, u64, Counts),
    Prepared(Box<PreparedReader>),
}

impl SourceReader {
    /// A reader that decides the layout by itself. `open` makes the decoders of the rarer encodings
    /// (natively [`super::encoding::native_decoder`]).
    #[must_use]
    pub fn new(name: &str, open: OpenDecoder) -> Self {
        let stage = Stage::Head(Vec::new());
        SourceReader { name: name.to_owned(), open, layout: None, stage, bytes: 0 }
    }

    /// A reader of a layout that is known, from a profile or from [`Layout::detect`].
    #[must_use]
    pub fn with_layout(name: &str, layout: Layout, open: OpenDecoder) -> Self {
        SourceReader { layout: Some(layout), ..SourceReader::new(name, open) }
    }

    /// Reads the next bytes of the source, cut anywhere.
    ///
    /// # Errors
    /// Those of [`Layout::detect`] and of the readers, with the file and, where it is known, the
    /// line; `limit/source` for a source that is too large.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        let result = self.take(bytes, sink);
        result.map_err(|error| error.in_file(&self.name))
    }

    /// Ends the source.
    ///
    /// # Errors
    /// As [`SourceReader::push`], and those of [`json::read`].
    pub fn finish(&mut self, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        let result = self.end(sink);
        result.map_err(|error| error.in_file(&self.name))
    }

    /// The layout, as far as it is decided. The encoding is final only after `finish`.
    #[must_use]
    pub fn layout(&self) -> Option<Layout> {
        match (&self.stage, self.layout) {
            (Stage::Reading(text, _), Some(layout)) => {
                Some(Layout { encoding: text.encoding(), ..layout })
            }
            (_, layout) => layout,
        }
    }

    /// What the encoding was guessed by, where nothing but evidence says what it is and it was not
    /// seen in the head.
    #[must_use]
    pub fn guess(&self) -> Option<Guess> {
        match &self.stage {
            Stage::Reading(text, _) => text.guess(),
            Stage::Head(_) | Stage::Over => None,
        }
    }

    /// What has been read so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        match &self.stage {
            Stage::Reading(_, Body::Delimited(reader)) => reader.counts(),
            Stage::Reading(_, Body::FixedWidth(reader)) => reader.counts(),
            Stage::Reading(_, Body::Json(_, _, counts)) => *counts,
            Stage::Reading(_, Body::Prepared(reader)) => reader.counts(),
            Stage::Head(_) | Stage::Over => Counts::default(),
        }
    }

    /// Bytes pushed so far; of prepared records, those of the file that they were made from.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        match &self.stage {
            Stage::Reading(_, Body::Prepared(reader)) => reader.source().bytes,
            _ => self.bytes,
        }
    }

    fn take(&mut self, bytes: &[u8], sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        self.bytes += bytes.len() as u64;
        if self.bytes > limits::SOURCE_BYTES {
            return Err(too_large("limit/source", limits::SOURCE_BYTES));
        }
        if let Stage::Head(head) = &mut self.stage {
            head.extend_from_slice(bytes);
            if head.len() < limits::HEAD_BYTES {
                return Ok(Flow::Continue(()));
            }
            return self.start(false, sink);
        }
        self.read(bytes, sink)
    }

    fn end(&mut self, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        if matches!(self.stage, Stage::Head(_)) && self.start(true, sink)?.is_break() {
            return Ok(Flow::Break(()));
        }
        let Stage::Reading(text, body) = &mut self.stage else { return Ok(Flow::Continue(())) };
        let flow = text.finish(&mut |piece| body.push(piece, sink));
        let flow = flow.map_err(|error| body.place(error))?;
        if let Body::Json(json, ..) = body
            && (text.first_bad().is_some() || !is_for_json(text.encoding()))
        {
            let before = json.split('\u{fffd}').next().unwrap_or_default();
            let lines = before.bytes().filter(|&b| b == b'\n').count();
            let line = u32::try_from(lines).unwrap_or(u32::MAX - 1) + 1;
            return Err(bad_encoding(text.first_bad().unwrap_or_default()).at_line(line));
        }
        match flow {
            Flow::Continue(()) => body.finish(sink),
            flow => Ok(flow),
        }
    }

    /// Decides the layout, if nobody has, and reads the head.
    fn start(&mut self, complete: bool, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        let Stage::Head(head) = std::mem::replace(&mut self.stage, Stage::Over) else {
            return Ok(Flow::Continue(()));
        };
        let source = Source::of(&head);
        let layout = match self.layout {
            Some(layout) if source.is_some() => layout,
            Some(layout) => {
                container::refuse(head.get(..limits::HEAD_BYTES).unwrap_or(&head), complete)?;
                layout
            }
            None => Layout::detect(&self.name, &head, complete, self.open)?,
        };
        self.layout = Some(layout);
        let mark = layout.encoding.mark();
        let start = if head.starts_with(mark) { mark.len() } else { 0 };
        let text = Text::new(layout.encoding, start as u64, self.open)?;
        let body = match layout.shape {
            Shape::Delimited(dialect) => {
                Body::Delimited(Box::new(DelimitedReader::new(dialect, start as u64)))
            }
            Shape::Json => Body::Json(String::new(), start as u64, Counts::default()),
            Shape::Prepared(_) => match source {
                Some(source) => Body::Prepared(Box::new(PreparedReader::new(source))),
                None => return Err(Error::new("ingest/cut-off", "these are no prepared records")),
            },
            Shape::FixedWidth(date) => Body::FixedWidth(FixedWidthReader::new(date, start as u64)),
        };
        self.stage = Stage::Reading(Box::new(text), body);
        self.read(head.get(start..).unwrap_or_default(), sink)
    }

    fn read(&mut self, bytes: &[u8], sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        let Stage::Reading(text, body) = &mut self.stage else { return Ok(Flow::Continue(())) };
        let flow = text.push(bytes, &mut |piece| body.push(piece, sink));
        flow.map_err(|error| body.place(error))
    }
}

impl Body {
    fn push(&mut self, piece: &str, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        match self {
            Body::Delimited(reader) => reader.push(piece, sink),
            Body::Prepared(reader) => reader.push(piece, sink),
            Body::FixedWidth(reader) => reader.push(piece, sink),
            Body::Json(text, ..) => {
                text.push_str(piece);
                if text.len() as u64 > limits::JSON_BYTES {
                    return Err(too_large("limit/json", limits::JSON_BYTES));
                }
                Ok(Flow::Continue(()))
            }
        }
    }

    fn finish(&mut self, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        match self {
            Body::Delimited(reader) => reader.finish(sink),
            Body::Prepared(reader) => reader.finish(),
            Body::FixedWidth(reader) => Ok(reader.finish(sink)),
            Body::Json(text, start, counts) => {
                let (flow, read) = json::read(text, *start, sink)?;
                *counts = read;
                *text = String::new();
                Ok(flow)
            }
        }
    }

    /// Adds the line that was reached to an error that has none.
    fn place(&self, error: Error) -> Error {
        if error.place().is_some_and(|place| place.line.is_some()) {
            return error;
        }
        match self {
            Body::Delimited(reader) => error.at_line(reader.line()),
            Body::Prepared(_) => error,
            Body::FixedWidth(reader) => error.at_line(reader.counts().lines.saturating_add(1)),
            Body::Json(text, ..) => {
                let lines = text.bytes().filter(|&b| b == b'\n').count();
                error.at_line(u32::try_from(lines).unwrap_or(u32::MAX - 1) + 1)
            }
        }
    }
}

fn too_large(code: &'static str, bytes: u64) -> Error {
    Error::new(code, format!("the file is larger than {} MB", bytes >> 20))
        .remedy_is("split the file, or export a shorter period")
        .arg("bytes", bytes)
}

/// The first `rows` records of a source, of which `head` is the beginning; for a look at its
/// header. A record that the end of the head cuts is left out; JSON is read only if it is complete.
///
/// # Errors
/// As [`SourceReader::push`].
pub fn sample(
    name: &str,
    head: &[u8],
    complete: bool,
    layout: Layout,
    rows: usize,
    open: OpenDecoder,
) -> Result<Rows, Error> {
    let mut sink = Rows::up_to(rows);
    read_head(name, head, complete, layout, open, &mut sink)?;
    Ok(sink)
}

/// Gives `sink` the records of a head as far as they are whole; `complete` if it is all there is.
/// Of JSON nothing is given unless it is complete.
///
/// # Errors
/// As [`SourceReader::push`].
pub fn read_head(
    name: &str,
    head: &[u8],
    complete: bool,
    layout: Layout,
    open: OpenDecoder,
    sink: &mut dyn RecordSink,
) -> Result<(), Error> {
    if complete {
        let mut reader = SourceReader::with_layout(name, layout, open);
        if reader.push(head, sink)?.is_continue() {
            let _ = reader.finish(sink)?;
        }
        return Ok(());
    }
    // The encoding is decided, so that the text need not wait for more evidence of it.
    let start =
        if head.starts_with(layout.encoding.mark()) { layout.encoding.mark().len() } else { 0 };
    let mut read = || {
        let text = head_text(head, layout.encoding, open)?;
        match (layout.shape, Source::of(head)) {
            (Shape::Delimited(dialect), _) => {
                DelimitedReader::new(dialect, start as u64).push(&text, sink)
            }
            (Shape::Prepared(_), Some(source)) => PreparedReader::new(source).push(&text, sink),
            (Shape::FixedWidth(date), _) => {
                FixedWidthReader::new(date, start as u64).push(&text, sink)
            }
            _ => Ok(Flow::Continue(())),
        }
    };
    let _ = read().map_err(|error| error.in_file(name))?;
    Ok(())
}

#[cfg(test)]
mod tests;

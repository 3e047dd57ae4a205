//! Reads Markdown.

use std::mem::take;

use factify_core::records::{
    Block, BlockContent, CodeBlockData, DataContent, FootnoteData, HeadingData, List, ListData,
    ListItem, ListStyle, MAX_DEPTH, ParagraphData, QuoteData, RasterImageData, TableCell,
    TableData, TableRow, ThematicBreakData,
};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The blocks of a text. Emphasis and links are their text; HTML is code.
pub(super) fn read(text: &str) -> List<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    let mut reader = Reader {
        blocks: List::new(),
        ..Reader::default()
    };
    for event in Parser::new_ext(text.trim_start_matches('\u{feff}'), options) {
        reader.read(event);
    }
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: List<Block>,
    /// What contains the text, the innermost last.
    open: Vec<Open>,
    /// The text of the block so far.
    text: String,
    /// The images whose text is being read: their URLs, and where in the text they begin.
    images: Vec<(String, usize)>,
    language: Option<String>,
    in_heading: bool,
    /// The quotations that are too deep, so that their text is that of the one around them.
    flat: usize,
}

enum Open {
    Quote(String),
    Footnote(FootnoteData, String),
    List(ListData),
    Item(ListItem, String),
    Table(TableData),
    Row(TableRow),
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::FootnoteReference(label) => self.text.extend(["[", &label, "]"]),
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.text.push('\n'),
            Event::Rule => {
                self.paragraph();
                self.put(BlockContent::ThematicBreak(ThematicBreakData::new()));
            }
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::Html(text)
            | Event::InlineHtml(text) => self.text.push_str(&text),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        // In an item, the text before a block has no tag.
        if !matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Superscript
                | Tag::Subscript
                | Tag::Link { .. }
                | Tag::Image { .. }
        ) {
            self.paragraph();
        }
        match tag {
            Tag::Heading { .. } => self.in_heading = true,
            Tag::CodeBlock(kind) => {
                self.language = match kind {
                    CodeBlockKind::Fenced(info) => info.split_whitespace().next().map(Into::into),
                    CodeBlockKind::Indented => None,
                }
            }
            Tag::HtmlBlock => self.language = Some("html".into()),
            Tag::BlockQuote(_) => {
                let open = self.open.iter();
                let depth = open.filter(|open| matches!(open, Open::Quote(_))).count();
                if depth < MAX_DEPTH {
                    self.open.push(Open::Quote(String::new()));
                } else {
                    self.flat += 1;
                }
            }
            Tag::FootnoteDefinition(label) => {
                let mut footnote = FootnoteData::new();
                footnote.label = Some(label.into_string());
                self.open.push(Open::Footnote(footnote, String::new()));
            }
            Tag::List(start) => {
                let mut list = ListData::new();
                list.style = Some(match start {
                    Some(_) => ListStyle::Ordered,
                    None => ListStyle::Unordered,
                });
                list.start = start.and_then(|start| start.try_into().ok());
                self.open.push(Open::List(list));
            }
            Tag::Item => self.open.push(Open::Item(ListItem::new(), String::new())),
            Tag::Table(_) => self.open.push(Open::Table(TableData::new())),
            Tag::TableHead | Tag::TableRow => self.open.push(Open::Row(TableRow::new())),
            Tag::Image { dest_url, .. } => {
                self.images.push((dest_url.into_string(), self.text.len()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                self.in_heading = false;
                let mut heading = HeadingData::new();
                heading.level = Some(level as i32);
                heading.text = Some(take(&mut self.text));
                self.put(BlockContent::Heading(heading));
            }
            TagEnd::CodeBlock | TagEnd::HtmlBlock => {
                let mut code = CodeBlockData::new();
                code.code = Some(take(&mut self.text).trim_end_matches('\n').into());
                code.language = self.language.take();
                self.put(BlockContent::CodeBlock(code));
            }
            TagEnd::TableCell => {
                let mut cell = TableCell::new();
                cell.text = Some(take(&mut self.text));
                if let Some(Open::Row(row)) = self.open.last_mut() {
                    row.cells.push(cell);
                }
            }
            TagEnd::BlockQuote(_) if self.flat > 0 => {
                self.paragraph();
                self.flat -= 1;
            }
            TagEnd::Image => self.image(),
            TagEnd::Paragraph => self.paragraph(),
            TagEnd::BlockQuote(_)
            | TagEnd::FootnoteDefinition
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow => {
                self.paragraph();
                self.close(tag == TagEnd::TableHead);
            }
            _ => {}
        }
    }

    /// Ends a paragraph, if there is one.
    fn paragraph(&mut self) {
        let text = take(&mut self.text);
        if !text.trim().is_empty() {
            let mut paragraph = ParagraphData::new();
            paragraph.text = Some(text);
            self.put(BlockContent::Paragraph(paragraph));
        }
    }

    /// An image is a block between paragraphs. In anything else it is its text.
    fn image(&mut self) {
        let Some((url, start)) = self.images.pop() else {
            return;
        };
        if !self.open.is_empty() || !self.images.is_empty() || self.in_heading {
            return;
        }
        let mut image = RasterImageData::new();
        image.alt_text = Some(self.text.split_off(start));
        image.source = Some(DataContent::StorageRef(url).into());
        self.paragraph();
        self.put(BlockContent::Image(image));
    }

    /// Adds a block. In a quotation, a footnote or an item, it is its text.
    fn put(&mut self, content: BlockContent) {
        let block = Block::from(content);
        match self.open.last_mut() {
            Some(Open::Quote(text) | Open::Footnote(_, text) | Open::Item(_, text)) => {
                for line in block.lines() {
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    text.push_str(&line.to_string());
                }
            }
            _ => self.blocks.push(block),
        }
    }

    /// Ends what contains the text.
    fn close(&mut self, is_header: bool) {
        match self.open.pop() {
            Some(Open::Quote(text)) => {
                let mut quote = QuoteData::new();
                quote.text = Some(text);
                self.put(BlockContent::Quote(quote));
            }
            Some(Open::Footnote(mut footnote, text)) => {
                footnote.text = Some(text);
                self.put(BlockContent::Footnote(footnote));
            }
            Some(Open::Item(mut item, text)) => {
                item.text = Some(text);
                if let Some(Open::List(list)) = self.open.last_mut() {
                    list.items.push(item);
                }
            }
            Some(Open::Row(mut row)) => {
                for cell in &mut row.cells {
                    cell.is_header = is_header.then_some(true);
                }
                if let Some(Open::Table(table)) = self.open.last_mut() {
                    table.rows.push(row);
                }
            }
            Some(Open::Table(table)) => self.put(BlockContent::Table(table)),
            Some(Open::List(list)) => self.list(list),
            None => {}
        }
    }

    /// A list in an item is below it. A second one is added to the first one, and one that is too deep is text.
    fn list(&mut self, list: ListData) {
        let lists = self
            .open
            .iter()
            .filter(|open| matches!(open, Open::List(_)));
        let depth = lists.count();
        match self.open.last_mut() {
            Some(Open::Item(item, _)) if depth <= MAX_DEPTH => match &mut item.sub_list {
                Some(first) => first.items.extend(list.items),
                None => item.sub_list = Some(list.into()),
            },
            _ => self.put(BlockContent::List(list)),
        }
    }
}

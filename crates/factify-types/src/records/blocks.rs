use alloc::boxed::Box;
use alloc::string::String;

use super::{List, RasterImageData, Struct, VectorImageData};

union! {
    /// A block: one piece of a document. Only a section contains other blocks. Schema `qcr.v1alpha.Block`, v1beta.
    pub struct Block {
        /// What the block is.
        pub content: Option<BlockContent>,
        /// A stable ID for references from outside. A layout does not use it.
        pub id: Option<String>,
        /// How the block was read.
        pub attributes: Option<Struct>,
    }

    /// What a block is.
    enum {
        /// Code.
        CodeBlock(CodeBlockData) = "code_block",
        /// A vector graphic.
        Figure(VectorImageData) = "figure",
        /// A footnote.
        Footnote(FootnoteData) = "footnote",
        /// A heading.
        Heading(HeadingData) = "heading",
        /// An image of pixels.
        Image(RasterImageData) = "image",
        /// A list.
        List(ListData) = "list",
        /// A paragraph.
        Paragraph(ParagraphData) = "paragraph",
        /// A quotation.
        Quote(QuoteData) = "quote",
        /// A section.
        Section(SectionData) = "section",
        /// A table.
        Table(TableData) = "table",
        /// A line between two parts.
        ThematicBreak(ThematicBreakData) = "thematic_break",
    }
}

record! {
    /// Code. Schema `qcr.v1alpha.CodeBlockData`, v1beta.
    pub struct CodeBlockData {
        /// The code.
        pub code: Option<String>,
        /// Its language.
        pub language: Option<String>,
    }
}

record! {
    /// A footnote. Schema `qcr.v1alpha.FootnoteData`, v1beta.
    pub struct FootnoteData {
        /// The mark that refers to it.
        pub label: Option<String>,
        /// The text.
        pub text: Option<String>,
    }
}

record! {
    /// A heading. Schema `qcr.v1alpha.HeadingData`, v1beta.
    pub struct HeadingData {
        /// The level. 1 is the highest.
        pub level: Option<i32>,
        /// The text.
        pub text: Option<String>,
    }
}

record! {
    /// A list. Schema `qcr.v1alpha.ListData`, v1beta.
    pub struct ListData {
        /// The items.
        pub items: List<ListItem>,
        /// Whether the items are numbered.
        pub style: Option<ListStyle>,
        /// The number of the first item.
        pub start: Option<i32>,
    }
}

record! {
    /// An item of a list. Schema `qcr.v1alpha.ListData.Item`, v1beta.
    pub struct ListItem {
        /// The text.
        pub text: Option<String>,
        /// The list below this item.
        #[nested]
        pub sub_list: Option<Box<ListData>>,
    }
}

open_enum! {
    /// Whether the items of a list are numbered. Schema `qcr.v1alpha.ListStyle`, v1beta.
    ListStyle {
        /// The API does not say it.
        Unspecified = "LIST_STYLE_UNSPECIFIED",
        /// They have bullets.
        Unordered = "LIST_STYLE_UNORDERED",
        /// They are numbered.
        Ordered = "LIST_STYLE_ORDERED",
    }
}

record! {
    /// A paragraph. Schema `qcr.v1alpha.ParagraphData`, v1beta.
    pub struct ParagraphData {
        /// The text.
        pub text: Option<String>,
    }
}

record! {
    /// A quotation. Schema `qcr.v1alpha.QuoteData`, v1beta.
    pub struct QuoteData {
        /// The text.
        pub text: Option<String>,
    }
}

record! {
    /// Blocks that belong together. Schema `qcr.v1alpha.SectionData`, v1beta.
    pub struct SectionData {
        /// The blocks, which may be sections too.
        #[nested]
        pub blocks: List<Block>,
    }
}

record! {
    /// A table of a document. Schema `qcr.v1alpha.TableData`, v1beta.
    pub struct TableData {
        /// The rows.
        pub rows: List<TableRow>,
    }
}

record! {
    /// A row of a table. Schema `qcr.v1alpha.TableData.Row`, v1beta.
    pub struct TableRow {
        /// The cells.
        pub cells: List<TableCell>,
    }
}

record! {
    /// A cell of a table. Schema `qcr.v1alpha.TableData.Row.Cell`, v1beta.
    pub struct TableCell {
        /// The text.
        pub text: Option<String>,
        /// Whether the cell is a header.
        pub is_header: Option<bool>,
        /// How many columns it covers.
        pub col_span: Option<i32>,
        /// How many rows it covers.
        pub row_span: Option<i32>,
    }
}

record! {
    /// A line between two parts. It has no fields. Schema `qcr.v1alpha.ThematicBreakData`, v1beta.
    pub struct ThematicBreakData {}
}

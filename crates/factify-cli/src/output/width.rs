//! The width of text in the cells of a terminal.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

const ELLIPSIS: char = '…';

/// How many cells of a terminal the text takes. Clusters are counted one by one, because a terminal does not
/// join them into ligatures.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// Shortens the text to this width, between grapheme clusters and with an ellipsis.
pub(super) fn cut(text: &str, to: usize) -> Cow<'_, str> {
    if width(text) <= to {
        return text.into();
    }
    let Some(room) = to.checked_sub(1) else {
        return "".into();
    };
    let mut used = 0;
    let mut kept: String = text
        .graphemes(true)
        .take_while(|cluster| {
            used += width(cluster);
            used <= room
        })
        .collect();
    kept.truncate(kept.trim_end().len());
    kept.push(ELLIPSIS);
    kept.into()
}

/// Whether a terminal may show a part of the text from right to left. These are the ranges that Unicode
/// reserves for such scripts.
pub(super) fn is_right_to_left(text: &str) -> bool {
    text.contains(|symbol| {
        matches!(
            symbol,
            '\u{590}'..='\u{8ff}'
                | '\u{fb1d}'..='\u{fdff}'
                | '\u{fe70}'..='\u{fefe}'
                | '\u{10800}'..='\u{10fff}'
                | '\u{1e800}'..='\u{1efff}'
        )
    })
}

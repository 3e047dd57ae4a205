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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FAMILY: &str = "👩\u{200d}👩\u{200d}👧";

    #[test]
    fn text_is_as_wide_as_a_terminal_shows_it() {
        for (text, expected) in [
            ("", 0),
            ("guest0@example.net", 18),
            ("Zoë", 3),
            ("Zoe\u{308}", 3),
            ("山田", 4),
            ("ｶﾅ", 2),
            ("한국", 4),
            ("👍", 2),
            ("👍🏽", 2),
            (FAMILY, 2),
            ("🇩🇪🇯🇵", 4),
            ("❤", 1),
            ("❤\u{fe0f}", 2),
            ("שלום", 4),
            ("لا", 2),
            ("…", 1),
        ] {
            assert_eq!(width(text), expected, "{text}");
        }
    }

    #[test]
    fn text_is_cut_between_clusters() {
        for (text, to, expected) in [
            ("guest0@example.net", 18, "guest0@example.net"),
            ("guest0@example.net", 17, "guest0@example.n…"),
            ("guest0@example.net", 1, "…"),
            ("guest0@example.net", 0, ""),
            ("", 0, ""),
            ("Dwight Schrute", 8, "Dwight…"),
            ("山田太郎", 8, "山田太郎"),
            ("山田太郎", 7, "山田太…"),
            ("山田太郎", 6, "山田…"),
            ("Zoe\u{308}s", 3, "Zo…"),
            ("Zoe\u{308}sx", 4, "Zoe\u{308}…"),
            ("🇩🇪🇯🇵", 3, "🇩🇪…"),
            ("🇩🇪🇯🇵", 2, "…"),
            ("שלום", 3, "של…"),
        ] {
            assert_eq!(cut(text, to), expected, "{text} to {to}");
        }
        assert_eq!(cut(&format!("{FAMILY}abc"), 3), format!("{FAMILY}…"));
        assert_eq!(cut(&format!("{FAMILY}abc"), 2), "…");
    }

    #[test]
    fn scripts_from_right_to_left_are_known() {
        for (text, expected) in [
            ("", false),
            ("guest0@example.net", false),
            ("山田 Zoë 👍 Ελλάς Кто", false),
            ("משתמש@example.com", true),
            ("guest@مثال.example", true),
            ("ﷺ", true),
            ("ﺏ", true),
            ("\u{10a00}", true),
            ("\u{1e900}", true),
        ] {
            assert_eq!(is_right_to_left(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_cut_text_fits_and_keeps_whole_clusters(
            text in "[a-z \u{300}-\u{303}山田🇩🇪👩\u{200d}\u{fe0f}ש\u{600}\u{915}\u{94d}\u{937}]{0,12}",
            to in 0..12usize,
        ) {
            let shown = cut(&text, to);
            prop_assert!(width(&shown) <= to);
            match shown.strip_suffix(ELLIPSIS) {
                Some(kept) => {
                    let clusters: Vec<_> = text.grapheme_indices(true).map(|(at, _)| at).collect();
                    let next = text[kept.len()..].trim_start_matches(' ');
                    let ends = kept.len()..=text.len() - next.len();
                    prop_assert!(text.starts_with(kept));
                    prop_assert!(clusters.iter().any(|at| ends.contains(at)), "{text:?} {shown:?}");
                }
                None => prop_assert!(shown == text || to == 0),
            }
        }
    }
}

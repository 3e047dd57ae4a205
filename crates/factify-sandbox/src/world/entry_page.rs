//! The entry page of a document: a PDF with its title and its URL.

use std::fmt::Write;

use super::documents::DocumentState;

/// One page of A4.
pub(crate) fn pdf(document: &DocumentState) -> Vec<u8> {
    let text = |text: &str| {
        let printable = text.chars().map(|c| match c {
            '(' | ')' | '\\' | '\u{80}'.. | ..' ' => '?',
            c => c,
        });
        printable.collect::<String>()
    };
    let url = format!("https://app.factify.com/documents/{}", document.id);
    let content = format!(
        "BT /F1 18 Tf 72 720 Td ({}) Tj 0 -30 Td /F1 10 Tf ({url}) Tj ET",
        text(&document.title)
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R \
         /Resources << /Font << /F1 4 0 R >> >> >>"
            .to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut table = String::new();
    for (number, object) in (1..).zip(&objects) {
        // Writing to a text cannot fail.
        let _ = writeln!(table, "{:010} 00000 n ", pdf.len());
        let _ = writeln!(pdf, "{number} 0 obj\n{object}\nendobj");
    }
    let (start, count) = (pdf.len(), objects.len() + 1);
    let _ = write!(
        pdf,
        "xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R >>\n\
         startxref\n{start}\n%%EOF\n"
    );
    pdf.into_bytes()
}

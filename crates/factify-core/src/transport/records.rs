/// Finds the ends of the records in what a TLS connection receives, without decrypting anything. Part
/// of a record shows that the server has begun to send something.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct TlsRecords {
    /// How many bytes of the header have arrived: type, version and length.
    header: u8,
    /// The length in the header, and then how many bytes are missing.
    left: u16,
}

impl TlsRecords {
    const HEADER: u8 = 5;

    /// Reads the next bytes of the connection.
    pub fn pass(&mut self, mut bytes: &[u8]) {
        while let Some((byte, rest)) = bytes.split_first() {
            if self.header < Self::HEADER {
                self.header += 1;
                self.left = self.left << 8 | u16::from(*byte);
                bytes = rest;
            } else {
                let content = bytes.len().min(self.left.into());
                self.left -= u16::try_from(content).unwrap_or(self.left);
                bytes = bytes.get(content..).unwrap_or_default();
            }
            if self.header == Self::HEADER && self.left == 0 {
                self.header = 0;
            }
        }
    }

    /// Whether the last record is complete.
    pub fn is_whole(&self) -> bool {
        self.header == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_whole_only_at_its_end() {
        let lengths = [1, 0, 300, 0x0102, 16_640];
        let stream: Vec<u8> = lengths
            .iter()
            .flat_map(|length: &u16| {
                let [high, low] = length.to_be_bytes();
                [vec![23, 3, 3, high, low], vec![23; (*length).into()]].concat()
            })
            .collect();
        let ends: Vec<usize> = lengths
            .iter()
            .scan(0, |end, length| {
                *end += 5 + usize::from(*length);
                Some(*end)
            })
            .collect();
        for step in [1, 2, 3, 5, 7, 299, stream.len()] {
            let (mut records, mut at) = (TlsRecords::default(), 0);
            for part in stream.chunks(step) {
                records.pass(part);
                at += part.len();
                assert_eq!(records.is_whole(), ends.contains(&at), "{at} by {step}");
            }
            assert!(records.is_whole());
        }
    }
}

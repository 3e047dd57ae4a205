// Properties of factify-types for any bytes. The fuzz targets use them, and a test that replays the
// seeds.

use factify_types::{Id, PrincipalId, Timestamp};

fn parse<I: Id>(text: &str) {
    let expected = I::KINDS.iter().any(|kind| {
        text.strip_prefix(kind.prefix()).is_some_and(|suffix| {
            suffix.len() == 26
                && suffix
                    .bytes()
                    .all(|byte| b"0123456789abcdefghjkmnpqrstvwxyz".contains(&byte))
        })
    });
    match text.parse::<I>() {
        Ok(id) => assert!(expected && id.as_ref() == text),
        Err(error) => assert!(!expected && !error.to_string().is_empty()),
    }
}

macro_rules! parse_each {
    ($($Id:ty),+) => {
        pub fn id_parse(data: &[u8]) {
            if let Ok(text) = std::str::from_utf8(data) {
                $(parse::<$Id>(text);)+
                parse::<PrincipalId>(text);
            }
        }
    };
}

factify_types::for_each_id!(parse_each);

pub fn timestamp(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match Timestamp::parse(text) {
        Ok(time) => {
            let again = Timestamp::parse(&time.to_string()).expect("its own text can be parsed");
            assert_eq!(again, time);
            assert!((Timestamp::MIN..=Timestamp::MAX).contains(&time));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

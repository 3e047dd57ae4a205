use factify_types::parameter::QueryParameter;

use super::InvalidRequest;

/// Text values, from a query or a form.
pub(crate) trait TextValues {
    /// Takes out all texts of this name.
    fn take(&mut self, name: &str) -> Vec<String>;

    fn repeated<T: QueryParameter>(
        &mut self,
        name: &'static str,
    ) -> Result<Vec<T>, InvalidRequest> {
        let read = self.take(name).into_iter().map(|text| {
            let value = T::from_text(&text)?;
            value.check().map(|()| value)
        });
        let values: Result<_, String> = read.collect();
        values.map_err(|message| InvalidRequest::new(name, T::REASON, message))
    }

    fn optional<T: QueryParameter>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<T>, InvalidRequest> {
        let mut values = self.repeated(name)?;
        let last = values.pop();
        if values.is_empty() {
            return Ok(last);
        }
        let message = "it is given more than once";
        Err(InvalidRequest::new(name, T::REASON, message))
    }

    fn required<T: QueryParameter>(&mut self, name: &'static str) -> Result<T, InvalidRequest> {
        self.optional(name)?
            .ok_or_else(|| InvalidRequest::missing(name))
    }
}

/// Takes all texts of this name out of pairs of name and text.
pub(super) fn take_texts(pairs: &mut Vec<(String, String)>, name: &str) -> Vec<String> {
    let all = std::mem::take(pairs).into_iter();
    let (taken, left): (Vec<_>, _) = all.partition(|(other, _)| other == name);
    *pairs = left;
    taken.into_iter().map(|(_, text)| text).collect()
}

use crate::operations::resource::resource;

resource! {
    /// The usage and the quotas of organizations and API keys.
    ///
    /// Made by [`Client::usage`](crate::Client::usage).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{ApiKeyId, Error, OrganizationId};
    ///
    /// fn tour(
    ///     client: &Client<impl HttpTransport>,
    ///     organization: OrganizationId,
    ///     key: ApiKeyId,
    /// ) -> Result<(), Error> {
    ///     let usage = client.usage();
    ///     let quota = usage.get().organization_id(organization).send()?;
    ///     println!("{} requests are left", quota.remaining);
    ///     usage.set_key_quota(key, 10_000).organization_id(organization).send()?;
    ///     for day in usage.get_history().organization_id(organization).send()?.daily_usage {
    ///         println!("{} {}", day.date.unwrap_or_default(), day.request_count);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub struct UsageResource {}
}

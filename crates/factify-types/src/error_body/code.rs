open_enum! {
    /// What kind of error it is. The 13 codes of schema `ErrorResponse`, v1beta, and the three more
    /// of ConnectRPC.
    ErrorCode {
        /// The cause is not known.
        UnknownError = "unknown",
        /// A parameter is wrong.
        InvalidArgument = "invalid_argument",
        /// The API key is missing, wrong, expired or revoked.
        Unauthenticated = "unauthenticated",
        /// The caller may not do this.
        PermissionDenied = "permission_denied",
        /// There is no such thing, or the caller may not see it.
        NotFound = "not_found",
        /// It exists already.
        AlreadyExists = "already_exists",
        /// A rate limit or a quota is used up.
        ResourceExhausted = "resource_exhausted",
        /// Its state does not allow this.
        FailedPrecondition = "failed_precondition",
        /// The server failed.
        Internal = "internal",
        /// The server is not available.
        Unavailable = "unavailable",
        /// The server cannot do this.
        Unimplemented = "unimplemented",
        /// The call was cancelled.
        Canceled = "canceled",
        /// The server's time was over.
        DeadlineExceeded = "deadline_exceeded",
        /// The call was broken off, for instance by a concurrent one.
        Aborted = "aborted",
        /// A value is outside of its range.
        OutOfRange = "out_of_range",
        /// Data was lost.
        DataLoss = "data_loss",
    }
}

open_enum! {
    /// Why. The 21 reasons of schema `ErrorDetail`, v1beta.
    ErrorReason {
        /// A required field is missing.
        MissingRequiredField = "missing_required_field",
        /// A field has a wrong value.
        InvalidFieldValue = "invalid_field_value",
        /// A field has none of the listed values.
        InvalidEnumValue = "invalid_enum_value",
        /// The page token is wrong.
        InvalidCursor = "invalid_cursor",
        /// An ID is malformed.
        InvalidIdFormat = "invalid_id_format",
        /// The API key is missing.
        MissingApiKey = "missing_api_key",
        /// The API key is wrong or revoked.
        InvalidApiKey = "invalid_api_key",
        /// The API key has expired.
        ExpiredApiKey = "expired_api_key",
        /// The user token is wrong.
        InvalidToken = "invalid_token",
        /// The user token has expired.
        ExpiredToken = "expired_token",
        /// The caller must authenticate.
        AuthenticationRequired = "authentication_required",
        /// The caller may not do this.
        InsufficientPermissions = "insufficient_permissions",
        /// There is no such thing.
        ResourceNotFound = "resource_not_found",
        /// It exists already.
        ResourceAlreadyExists = "resource_already_exists",
        /// Too many requests.
        RateLimitExceeded = "rate_limit_exceeded",
        /// The quota is used up; waiting a minute does not help.
        QuotaExceeded = "quota_exceeded",
        /// Its state does not allow this.
        PreconditionFailed = "precondition_failed",
        /// The feature is switched off.
        FeatureDisabled = "feature_disabled",
        /// The server failed.
        InternalError = "internal_error",
        /// The server is not available.
        ServiceUnavailable = "service_unavailable",
        /// The server cannot do this.
        Unimplemented = "unimplemented",
    }
}

open_enum! {
    /// The code of an error: the 13 codes of schema `ErrorResponse`, v1beta, and three more of
    /// ConnectRPC.
    ErrorCode {
        /// The cause is unknown.
        UnknownError = "unknown",
        /// A parameter is invalid. Correct it: the details name it.
        InvalidArgument = "invalid_argument",
        /// The API key is missing, wrong, expired or revoked. Use another one.
        Unauthenticated = "unauthenticated",
        /// The caller may not do this. Use the key of somebody who may.
        PermissionDenied = "permission_denied",
        /// The resource does not exist, or the caller may not see it. Check the IDs.
        NotFound = "not_found",
        /// The resource already exists.
        AlreadyExists = "already_exists",
        /// A rate limit or a quota is used up. The reason says which: wait a minute for a rate limit.
        ResourceExhausted = "resource_exhausted",
        /// The state of the resource does not allow this. Check its state.
        FailedPrecondition = "failed_precondition",
        /// An error in the server. The call may have been applied.
        Internal = "internal",
        /// The server is not available. Check the outcome, and call again later.
        Unavailable = "unavailable",
        /// The server cannot do this.
        Unimplemented = "unimplemented",
        /// The call was cancelled.
        Canceled = "canceled",
        /// The server's deadline expired. The call may have been applied.
        DeadlineExceeded = "deadline_exceeded",
        /// The call was aborted, for example because of a concurrent call.
        Aborted = "aborted",
        /// A value is outside of its range.
        OutOfRange = "out_of_range",
        /// Data was lost.
        DataLoss = "data_loss",
    }
}

open_enum! {
    /// The reason of an error: the 21 reasons of schema `ErrorDetail`, v1beta.
    ErrorReason {
        /// A required field is missing.
        MissingRequiredField = "missing_required_field",
        /// A field has an invalid value.
        InvalidFieldValue = "invalid_field_value",
        /// A field has a value that is not listed.
        InvalidEnumValue = "invalid_enum_value",
        /// The page token is invalid.
        InvalidCursor = "invalid_cursor",
        /// An ID is malformed.
        InvalidIdFormat = "invalid_id_format",
        /// The API key is missing.
        MissingApiKey = "missing_api_key",
        /// The API key is invalid or revoked.
        InvalidApiKey = "invalid_api_key",
        /// The API key has expired.
        ExpiredApiKey = "expired_api_key",
        /// The user token is invalid.
        InvalidToken = "invalid_token",
        /// The user token has expired.
        ExpiredToken = "expired_token",
        /// The caller must authenticate.
        AuthenticationRequired = "authentication_required",
        /// The caller may not do this.
        InsufficientPermissions = "insufficient_permissions",
        /// The resource does not exist.
        ResourceNotFound = "resource_not_found",
        /// The resource already exists.
        ResourceAlreadyExists = "resource_already_exists",
        /// Too many requests. Wait a minute.
        RateLimitExceeded = "rate_limit_exceeded",
        /// The quota is used up. Waiting a minute does not help: raise the quota.
        QuotaExceeded = "quota_exceeded",
        /// The state of the resource does not allow this.
        PreconditionFailed = "precondition_failed",
        /// The feature is disabled.
        FeatureDisabled = "feature_disabled",
        /// An error in the server.
        InternalError = "internal_error",
        /// The server is not available.
        ServiceUnavailable = "service_unavailable",
        /// The server cannot do this.
        Unimplemented = "unimplemented",
    }
}

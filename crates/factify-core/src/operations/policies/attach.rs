use factify_types::policies::DocumentPolicy;
use factify_types::{DocumentId, PolicyId};

use super::PoliciesResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Attaches a policy to the document.
    #[id = "attachDocumentPolicy", sdk = "policies.attach"]
    #[idempotent = "a policy that is attached already stays attached, or the API refuses to attach it again"]
    #[POST = "/v1beta/documents/{document_id}/policies"]
    #[body(json)]
    #[response(attached: DocumentPolicy)]
    #[verify(attached.document_id == document_id, attached.policy.id == policy_id)]
    #[call(PoliciesResource::attach)]
    pub struct AttachDocumentPolicy {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The policy.
        pub policy_id: PolicyId,
    }
}

impl ResponseBody for DocumentPolicy {}

use factify_types::{DocumentId, PolicyId};

use super::PoliciesResource;
use crate::operations::declare::operation;

operation! {
    /// Detaches a policy from the document.
    #[id = "detachDocumentPolicy", sdk = "policies.detach"]
    #[idempotent = "a policy that is not attached stays so: a second request finds nothing to change, or responds 404"]
    #[DELETE = "/v1beta/documents/{document_id}/policies/{policy_id}"]
    #[response({})]
    #[call(PoliciesResource::detach)]
    pub struct DetachDocumentPolicy {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The policy.
        #[path]
        pub policy_id: PolicyId,
    }
}

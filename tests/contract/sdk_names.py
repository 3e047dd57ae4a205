"""The names of the operations in the official TypeScript SDK 1.1. Those of Python 1.0 follow from them."""

import re

TYPESCRIPT = {
    "acceptOrganizationInvite": "organizations.invites.accept",
    "addOrganizationMember": "organizations.members.add",
    "approveAccessRequest": "accessRequests.approve",
    "attachDocumentPolicy": "policies.attach",
    "checkAccessRequestStatus": "accessRequests.checkStatus",
    "createAccessRequest": "accessRequests.create",
    "createApiKey": "apiKeys.create",
    "createDocument": "documents.create",
    "createDocumentVersion": "versions.create",
    "createOrganization": "organizations.create",
    "createOrganizationInvite": "organizations.invites.create",
    "createShareLink": "sharing.createShareLink",
    "deleteAPIKeyQuota": "usage.deleteKeyQuota",
    "denyAccessRequest": "accessRequests.deny",
    "detachDocumentPolicy": "policies.detach",
    "exportDocument": "documents.export",
    "generateDocumentEntryPage": "entryPages.generate",
    "getDocument": "documents.get",
    "getDocumentQuota": "documents.getQuota",
    "getDocumentTimeline": "timelines.get",
    "getGeneralAccess": "sharing.getGeneralAccess",
    "getMe": "users.getMe",
    "getOrganization": "organizations.get",
    "getOrganizationPublicProfile": "organizations.getPublicProfile",
    "getOrganizationQuota": "usage.get",
    "getUsageHistory": "usage.getHistory",
    "getUserPreferences": "users.preferences.get",
    "getVersion": "versions.get",
    "getVersionRecord": "versions.getRecord",
    "grantDocumentAccess": "sharing.grant",
    "inspectDocumentAccess": "accessRequests.inspect",
    "listAPIKeyQuotas": "usage.listKeyQuotas",
    "listAccessRequests": "accessRequests.list",
    "listApiKeys": "apiKeys.list",
    "listDocumentAccess": "sharing.list",
    "listDocumentDuplicates": "documents.listDuplicates",
    "listDocumentPolicies": "policies.list",
    "listDocumentVersions": "versions.list",
    "listDocuments": "documents.list",
    "listOrganizationInvites": "organizations.invites.list",
    "listOrganizationMembers": "organizations.members.list",
    "listOrganizations": "organizations.list",
    "processDocument": "documents.process",
    "removeOrganizationMember": "organizations.members.remove",
    "resendOrganizationInvite": "organizations.invites.resend",
    "revokeApiKey": "apiKeys.revoke",
    "revokeDocumentAccess": "sharing.revoke",
    "revokeOrganizationInvite": "organizations.invites.revoke",
    "setAPIKeyQuota": "usage.setKeyQuota",
    "setGeneralAccess": "sharing.setGeneralAccess",
    "transferDocumentOwnership": "documents.transferOwnership",
    "trashDocument": "documents.trash",
    "untrashDocument": "documents.untrash",
    "updateDocument": "documents.update",
    "updateDocumentAccess": "sharing.update",
    "updateOrganization": "organizations.update",
    "updateOrganizationMember": "organizations.members.update",
    "updateVersion": "versions.update",
    "uploadOrganizationLogo": "organizations.logo.upload",
}

# Operations that an SDK does not have.
NOT_IN_TYPESCRIPT = {"createOrganization"}
NOT_IN_PYTHON = {
    "createOrganization",
    "uploadOrganizationLogo",
    "getOrganizationPublicProfile",
    "getVersionRecord",
}


def typescript(operation):
    return None if operation in NOT_IN_TYPESCRIPT else TYPESCRIPT[operation]


def python(operation):
    if operation in NOT_IN_PYTHON:
        return None
    if operation == "getUserPreferences":
        return "user_preferences.get"
    return re.sub("[A-Z]", lambda found: "_" + found[0].lower(), TYPESCRIPT[operation])

//! What each operation means, a file for each area of the API.

mod invites;

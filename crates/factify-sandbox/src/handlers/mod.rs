//! The implementation of each operation, a file for each area of the API.

mod invites;

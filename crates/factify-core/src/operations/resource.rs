/// Declares a resource: a handle with the operations on one part of the API.
///
/// It has the IDs that these operations share. Creating one sends nothing.
macro_rules! resource {
    ($(#[$doc:meta])* pub struct $Name:ident { $($(#[$id_doc:meta])* $id:ident: $Id:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $Name<'c, C> {
            pub(in crate::operations) client: &'c C,
            pub(in crate::operations) config: &'c $crate::client::ClientConfig,
            $(pub(in crate::operations) $id: $Id,)*
        }

        impl<C> Clone for $Name<'_, C> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<C> Copy for $Name<'_, C> {}

        impl<'c, C> $Name<'c, C> {
            pub(crate) fn new(
                client: &'c C,
                config: &'c $crate::client::ClientConfig,
                $($id: $Id,)*
            ) -> Self {
                Self { client, config, $($id,)* }
            }

            #[allow(dead_code)] // A resource may only have other resources.
            pub(in crate::operations) fn call<O: $crate::operation::Operation>(
                &self,
                operation: O,
            ) -> $crate::client::Call<'c, C, O> {
                $crate::client::Call::new(self.client, self.config, operation)
            }
        }
    };
}

pub(crate) use resource;

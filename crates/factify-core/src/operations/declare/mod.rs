//! The macro that declares an operation, with everything that the API documents about it.

pub(crate) mod check;
#[cfg(all(test, feature = "serve"))]
mod tests;

/// Declares an operation: a struct with attributes.
///
/// ```text
/// operation! {
///     /// What it does, and who may do it.
///     #[id = "createOrganizationInvite", sdk = "organizations.invites.create"]
///     #[not_idempotent = "it sends an email"]
///     #[POST = "/v1beta/organizations/{organization_id}/invites"]
///     #[body(json)]
///     #[response({ invite: OrganizationInvite })]
///     #[call(InvitesResource::create)]
///     pub struct CreateOrganizationInvite {
///         #[path(resource)]
///         pub organization_id: OrganizationId,
///         pub email: EmailAddress,
///         #[limit(bytes = 0..=2_000)]
///         pub message: Option<String>,
///     }
/// }
/// ```
///
/// Attributes of the struct, in this order:
///
/// - `#[id = "…", sdk = "…"]`: the API's `operationId`, and the name in the official TypeScript SDK, if it has one. A
///   search of the docs finds the operation and its method by these names.
/// - `#[idempotent]`, `#[idempotent = "why"]` or `#[not_idempotent = "why not"]`; and
///   `#[not_idempotent = "why not", unless = function]`: with these parameters it is idempotent.
/// - `#[METHOD = "…"]`: the method, and the path with its placeholders.
/// - `#[body(json)]`, `#[body(multipart)]` or `#[body(none)]`: the format of the parameters outside of the
///   path. Without parameters a JSON body is `{}`. `GET` and `DELETE` omit this line: they use a query.
/// - `#[response({ field: Type })]`: the response is an object with the output in this field.
///   `#[response(name: Type)]`: the whole response is the output, with this name in `#[verify]`.
///   `#[response(Page<Item>)]`: a list. `#[response({})]`: no output. `#[response(Page<Item> in Wire)]`: a list in
///   another form, that of the type `Wire`. `#[response(items in Type)]`: the whole response is the output, and
///   `#[verify]` checks what is in this field of it, a list or an option.
/// - `#[verify(field.of.output == parameter, …)]`: the fields of the response that must have the value of a
///   parameter: the ID, the organization, the address. A difference is an error. In a list, `items.field` is
///   this field of each item. Omit the line only if the response has no such field; a test compares the
///   declarations with the models.
/// - `#[call(Resource::method)]`: the method that creates a call. `#[call(Client::method)]`: a method of
///   both clients, for an operation without required parameters.
/// - `#[check = function]`, optional: a rule about several parameters.
/// - `#[advice = function]`, optional: what to do after an error, if the default advice is not enough.
/// - `#[in_doubt = function]`, optional: what may exist if the outcome is unknown, and what to do about it.
/// - `#[max_response_bytes = number]`, optional: the default limit of the response, if that of all operations is
///   too low.
///
/// A field is a parameter. The path parameters come first, in the order of their placeholders:
///
/// - `#[path]`; `#[path(resource)]` if the value comes from the resource.
///
/// For the other parameters, `Option<T>` and `Vec<T>` are optional and have a setter on the call; any
/// other type is an argument of `new`. An `Upload` is a file in a form. Their attributes, in this
/// order:
///
/// - `#[wire = "…"]`: the API's name, if it differs from that of the field.
/// - `#[required]`: a list that is an argument of `new`.
/// - `#[limit(characters = 1..=63)]`: the documented limit: `characters` or `bytes` of a text, `items`
///   of a list, or the `value` of a number. `1..` has no maximum.
/// - `#[secret]`: a type with `new` and `expose`. Errors never show its value.
macro_rules! operation {
    (
        $(#[doc = $doc:literal])*
        #[id = $id:literal $(, sdk = $sdk:literal)?]
        #[$idempotent:ident $(= $why:literal)? $(, unless = $unless:path)?]
        #[$METHOD:ident = $path:literal]
        $(#[body($body:tt)])?
        #[response($($response:tt)+)]
        $(#[verify($($($of:ident).+ == $same:ident),+)])?
        #[call($Resource:ident::$call:ident)]
        $(#[check = $check:path])?
        $(#[advice = $advice:path])?
        $(#[in_doubt = $in_doubt:path])?
        $(#[max_response_bytes = $max_bytes:expr])?
        pub struct $Name:ident { $($fields:tt)* }
    ) => {
        operation! {
            @fields
            {
                docs { $($doc)* }
                name { $Name $id [$($sdk)?] $METHOD [$($body)?] $path $idempotent $($why)? }
                response { $($response)+ }
                verify { $($(($($of).+) $same)+)? }
                call { $Resource $call }
                check { $($check)? }
                advice { $($advice)? }
                in_doubt { $($in_doubt)? }
                unless { $($unless)? }
                max_bytes { $($max_bytes)? }
            }
            [] [] [] [] [] [] []
            $($fields)*
        }
    };

    // Sorts each field into: struct fields, arguments of `new`, values of the struct, path parameters,
    // other parameters, arguments of the call, and the values that the call passes to `new`.
    (@fields $head:tt
        [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] [$($path:tt)*] $params:tt $args:tt [$($pass:tt)*]
        $(#[doc = $doc:literal])* #[path(resource)] pub $name:ident: $Type:ty, $($rest:tt)*
    ) => {
        operation! { @fields $head
            [$($field)* $(#[doc = $doc])* pub $name: $Type,] [$($new)* $name: $Type,] [$($init)* $name,]
            [$($path)* $name $Type,] $params $args [$($pass)* (resource $name)]
            $($rest)*
        }
    };
    // The ID of a user, or another one: you need not convert it.
    (@fields $head:tt
        [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] [$($path:tt)*] $params:tt [$($args:tt)*]
        [$($pass:tt)*]
        $(#[doc = $doc:literal])* #[path] pub $name:ident: PrincipalId, $($rest:tt)*
    ) => {
        operation! { @fields $head
            [$($field)* $(#[doc = $doc])* pub $name: PrincipalId,]
            [$($new)* $name: impl Into<PrincipalId>,] [$($init)* $name: $name.into(),]
            [$($path)* $name PrincipalId,] $params [$($args)* $name: impl Into<PrincipalId>,]
            [$($pass)* (argument $name)]
            $($rest)*
        }
    };
    (@fields $head:tt
        [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] [$($path:tt)*] $params:tt [$($args:tt)*]
        [$($pass:tt)*]
        $(#[doc = $doc:literal])* #[path] pub $name:ident: $Type:ty, $($rest:tt)*
    ) => {
        operation! { @fields $head
            [$($field)* $(#[doc = $doc])* pub $name: $Type,] [$($new)* $name: $Type,] [$($init)* $name,]
            [$($path)* $name $Type,] $params [$($args)* $name: $Type,] [$($pass)* (argument $name)]
            $($rest)*
        }
    };
    (@fields $head:tt
        [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] $path:tt [$($param:tt)*] [$($args:tt)*]
        [$($pass:tt)*]
        $(#[doc = $doc:literal])* $(#[wire = $wire:literal])? #[secret] pub $name:ident: $Type:ty,
        $($rest:tt)*
    ) => {
        operation! { @fields $head
            [$($field)* $(#[doc = $doc])* pub $name: $Type,] [$($new)* $name: $Type,] [$($init)* $name,]
            $path [$($param)* { secret plain $name [$($wire)?] $Type [] [$($doc)*] }]
            [$($args)* $name: $Type,] [$($pass)* (argument $name)]
            $($rest)*
        }
    };
    (@fields $head:tt
        [$($field:tt)*] $new:tt [$($init:tt)*] $path:tt [$($param:tt)*] $args:tt $pass:tt
        $(#[doc = $doc:literal])* $(#[wire = $wire:literal])? $(#[limit($($limit:tt)+)])?
        pub $name:ident: Option<String>, $($rest:tt)*
    ) => {
        operation! { @fields $head
            [
                $($field)* $(#[doc = $doc])* $(#[doc = operation!(@limit_doc $($limit)+)])?
                pub $name: Option<String>,
            ]
            $new [$($init)* $name: None,] $path
            [$($param)* { optional text $name [$($wire)?] String [$($($limit)+)?] [$($doc)*] }]
            $args $pass $($rest)*
        }
    };
    (@fields $head:tt
        [$($field:tt)*] $new:tt [$($init:tt)*] $path:tt [$($param:tt)*] $args:tt $pass:tt
        $(#[doc = $doc:literal])* $(#[wire = $wire:literal])? $(#[limit($($limit:tt)+)])?
        pub $name:ident: Option<u32>, $($rest:tt)*
    ) => {
        operation! { @fields $head
            [
                $($field)* $(#[doc = $doc])* $(#[doc = operation!(@limit_doc $($limit)+)])?
                pub $name: Option<u32>,
            ]
            $new [$($init)* $name: None,] $path
            [$($param)* { optional number $name [$($wire)?] u32 [$($($limit)+)?] [$($doc)*] }]
            $args $pass $($rest)*
        }
    };
    (@fields $head:tt
        [$($field:tt)*] $new:tt [$($init:tt)*] $path:tt [$($param:tt)*] $args:tt $pass:tt
        $(#[doc = $doc:literal])* $(#[wire = $wire:literal])? $(#[limit($($limit:tt)+)])?
        pub $name:ident: Option<$Type:ty>, $($rest:tt)*
    ) => {
        operation! { @fields $head
            [
                $($field)* $(#[doc = $doc])* $(#[doc = operation!(@limit_doc $($limit)+)])?
                pub $name: Option<$Type>,
            ]
            $new [$($init)* $name: None,] $path
            [$($param)* { optional plain $name [$($wire)?] $Type [$($($limit)+)?] [$($doc)*] }]
            $args $pass $($rest)*
        }
    };
    (@fields $head:tt
        [$($field:tt)*] $new:tt [$($init:tt)*] $path:tt [$($param:tt)*] $args:tt $pass:tt
        $(#[doc = $doc:literal])* $(#[wire = $wire:literal])? $(#[limit($($limit:tt)+)])?
        pub $name:ident: Vec<$Type:ty>, $($rest:tt)*
    ) => {
        operation! { @fields $head
            [
                $($field)* $(#[doc = $doc])* $(#[doc = operation!(@limit_doc $($limit)+)])?
                pub $name: Vec<$Type>,
            ]
            $new [$($init)* $name: Vec::new(),] $path
            [$($param)* { repeated plain $name [$($wire)?] $Type [$($($limit)+)?] [$($doc)*] }]
            $args $pass $($rest)*
        }
    };
    (@fields $head:tt
        [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] $path:tt [$($param:tt)*] [$($args:tt)*]
        [$($pass:tt)*]
        $(#[doc = $doc:literal])* $(#[wire = $wire:literal])? #[required] $(#[limit($($limit:tt)+)])?
        pub $name:ident: Vec<$Type:ty>, $($rest:tt)*
    ) => {
        operation! { @fields $head
            [
                $($field)* $(#[doc = $doc])* $(#[doc = operation!(@limit_doc $($limit)+)])?
                pub $name: Vec<$Type>,
            ]
            [$($new)* $name: Vec<$Type>,] [$($init)* $name,] $path
            [$($param)* { list plain $name [$($wire)?] $Type [$($($limit)+)?] [$($doc)*] }]
            [$($args)* $name: Vec<$Type>,] [$($pass)* (argument $name)]
            $($rest)*
        }
    };
    (@fields $head:tt
        [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] $path:tt [$($param:tt)*] [$($args:tt)*]
        [$($pass:tt)*]
        $(#[doc = $doc:literal])* $(#[wire = $wire:literal])? pub $name:ident: Upload, $($rest:tt)*
    ) => {
        operation! { @fields $head
            [$($field)* $(#[doc = $doc])* pub $name: $crate::wire::Upload,]
            [$($new)* $name: $crate::wire::Upload,] [$($init)* $name,]
            $path [$($param)* { file plain $name [$($wire)?] Upload [] [$($doc)*] }]
            [$($args)* $name: $crate::wire::Upload,] [$($pass)* (argument $name)]
            $($rest)*
        }
    };
    (@fields $head:tt
        [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] $path:tt [$($param:tt)*] [$($args:tt)*]
        [$($pass:tt)*]
        $(#[doc = $doc:literal])* $(#[wire = $wire:literal])? $(#[limit($($limit:tt)+)])?
        pub $name:ident: String, $($rest:tt)*
    ) => {
        operation! { @fields $head
            [
                $($field)* $(#[doc = $doc])* $(#[doc = operation!(@limit_doc $($limit)+)])?
                pub $name: String,
            ]
            [$($new)* $name: impl Into<String>,] [$($init)* $name: $name.into(),] $path
            [$($param)* { required text $name [$($wire)?] String [$($($limit)+)?] [$($doc)*] }]
            [$($args)* $name: impl Into<String>,] [$($pass)* (argument $name)]
            $($rest)*
        }
    };
    (@fields $head:tt
        [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] $path:tt [$($param:tt)*] [$($args:tt)*]
        [$($pass:tt)*]
        $(#[doc = $doc:literal])* $(#[wire = $wire:literal])? $(#[limit($($limit:tt)+)])?
        pub $name:ident: u32, $($rest:tt)*
    ) => {
        operation! { @fields $head
            [
                $($field)* $(#[doc = $doc])* $(#[doc = operation!(@limit_doc $($limit)+)])?
                pub $name: u32,
            ]
            [$($new)* $name: u32,] [$($init)* $name,] $path
            [$($param)* { required number $name [$($wire)?] u32 [$($($limit)+)?] [$($doc)*] }]
            [$($args)* $name: u32,] [$($pass)* (argument $name)]
            $($rest)*
        }
    };
    (@fields $head:tt
        [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] $path:tt [$($param:tt)*] [$($args:tt)*]
        [$($pass:tt)*]
        $(#[doc = $doc:literal])* $(#[wire = $wire:literal])? $(#[limit($($limit:tt)+)])?
        pub $name:ident: $Type:ty, $($rest:tt)*
    ) => {
        operation! { @fields $head
            [
                $($field)* $(#[doc = $doc])* $(#[doc = operation!(@limit_doc $($limit)+)])?
                pub $name: $Type,
            ]
            [$($new)* $name: $Type,] [$($init)* $name,] $path
            [$($param)* { required plain $name [$($wire)?] $Type [$($($limit)+)?] [$($doc)*] }]
            [$($args)* $name: $Type,] [$($pass)* (argument $name)]
            $($rest)*
        }
    };

    (@fields
        {
            docs { $($doc:literal)* }
            name {
                $Name:ident $id:literal [$($sdk:literal)?] $METHOD:ident $body:tt $path:literal
                $idempotent:ident $($why:literal)?
            }
            response { $($response:tt)+ }
            verify { $(($($of:tt)+) $same:ident)* }
            call { $Resource:ident $call:ident }
            check { $($check:path)? }
            advice { $($advice:path)? }
            in_doubt { $($in_doubt:path)? }
            unless { $($unless:path)? }
            max_bytes { $($max_bytes:expr)? }
        }
        [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] [$($id_name:ident $Id:ty,)*]
        [$({ $kind:ident $form:ident $name:ident [$($wire:literal)?] $Type:ty [$($limit:tt)*]
            [$($param_doc:literal)*] })*]
        [$($args:tt)*] [$(($from:ident $pass:ident))*]
    ) => {
        #[doc = concat!("`", stringify!($METHOD), " ", $path, "`")]
        #[doc = ""]
        $(#[doc = $doc])*
        #[doc = operation!(@idempotent_doc $idempotent $($why)?)]
        #[doc(alias = $id)]
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $Name { $($field)* }

        impl $Name {
            /// The operation with its required parameters.
            #[allow(clippy::new_without_default)]
            #[inline]
            pub fn new($($new)*) -> Self {
                Self { $($init)* }
            }
        }

        const _: () = {
            const NAMES: &[&str] = &[$(stringify!($id_name)),*];
            // One bound for each field, so that an error points at the field.
            $($crate::operations::declare::check::in_place::<
                $Id,
                { $crate::operations::declare::check::is_in_place($path, NAMES, stringify!($id_name)) },
            >();)*
            assert!(
                $crate::operations::declare::check::placeholders($path) == NAMES.len(),
                "the path has a placeholder for which there is no #[path] field",
            );
        };

        impl $crate::operation::Operation for $Name {
            type Output = operation!(@output $($response)+);

            const INFO: $crate::operation::OperationInfo =
                $crate::operation::OperationInfo::new($id, ::http::Method::$METHOD, $path)
                    .call(concat!(stringify!($Resource), "::", stringify!($call)))
                    .content_type(operation!(@content_type $METHOD $body))
                    .idempotent(operation!(@idempotent $idempotent))
                    .secret_response(operation!(@constant HAS_SECRET $($response)+))
                    .result_in_body(operation!(@constant HAS_RESULT $($response)+))
                    .parameters(&[
                        $($crate::operation::ParameterInfo {
                            ids: <$Id as ::factify_types::Id>::KINDS,
                            ..$crate::operation::ParameterInfo::new(
                                stringify!($id_name),
                                $crate::operation::ParameterPlace::Path,
                            )
                        },)*
                        $($crate::operation::ParameterInfo {
                            required: operation!(@is_required $kind),
                            repeated: operation!(@is_repeated $kind),
                            limit: operation!(@limit $($limit)*),
                            ..$crate::operation::ParameterInfo::new(
                                operation!(@wire $name $($wire)?),
                                operation!(@place $METHOD $body),
                            )
                        },)*
                    ])
                    $(.advice($advice))?
                    $(.max_response_bytes($max_bytes))?;

            #[inline]
            fn path(&self, path: &mut $crate::wire::PathBuilder) {
                let _ = &path;
                $(path.id(&self.$id_name);)*
            }

            operation! { @write $body self [$({ $kind $name [$($wire)?] })*] }

            #[inline]
            fn validate(&self) -> Result<(), $crate::wire::InvalidParameter> {
                $(operation! {
                    @validate $body $kind $form self.$name, operation!(@wire $name $($wire)?), $($limit)*
                })*
                $($check(self)?;)?
                Ok(())
            }

            $(operation! { @secret $kind self.$name })*

            $(#[inline]
            fn is_idempotent(&self) -> bool {
                $unless(self)
            }

            )?$(#[inline]
            fn in_doubt(&self) -> Option<String> {
                Some($in_doubt(self))
            })?

            #[inline]
            fn decode_body(body: &[u8]) -> Result<Self::Output, $crate::wire::DecodeError> {
                operation!(@decode body $($response)+)
            }

            #[inline]
            #[allow(unused_variables)]
            fn verify(&self, output: &Self::Output) -> Result<(), $crate::operation::Rejection> {
                operation! { @success output $($response)+ }
                operation! { @bind output $($response)+ }
                operation! { @verify self output [$($response)+] $(($($of)+) $same)* }
                Ok(())
            }
        }

        $(operation! {
            @setter $Name $body $kind $form $name $Type [$($param_doc)*] [$($limit)*]
        })*

        operation! {
            @method $Resource $call $Name [$id $($sdk)?] [$($doc)*] $idempotent [$($why)?]
            [$($args)*] [$(($from $pass))*]
        }

        operation! { @paged $Name $($response)+ }

        #[cfg(feature = "serve")]
        impl $crate::operation::ServeOperation for $Name {
            #[allow(unused_variables)]
            fn check_path(
                path: &$crate::operation::PathValues<'_>,
            ) -> Result<(), $crate::wire::InvalidRequest> {
                $(path.required::<$Id>(stringify!($id_name))?;)*
                Ok(())
            }

            #[allow(unused_variables, unused_mut)]
            fn from_request(
                path: &$crate::operation::PathValues<'_>,
                request: &::http::Request<::bytes::Bytes>,
            ) -> Result<Self, $crate::wire::InvalidRequest> {
                #[allow(unused_imports)] // The values of a JSON body are not texts.
                use $crate::wire::read::TextValues as _;

                Self::check_path(path)?;
                let mut values = <operation!(@values $body)>::of(request)?;
                let operation = Self {
                    $($id_name: path.required(stringify!($id_name))?,)*
                    $($name: operation!(
                        @read $kind values, operation!(@wire $name $($wire)?), $Type
                    ),)*
                };
                values.finish()?;
                $crate::operation::Operation::validate(&operation)?;
                Ok(operation)
            }

            #[allow(unused_variables)]
            fn agree(&self, output: &mut <Self as $crate::operation::Operation>::Output) {
                operation! { @succeed output $($response)+ }
                operation! { @bind output $($response)+ }
                operation! { @agree self output [$($response)+] $(($($of)+) $same)* }
            }

            #[allow(unused_variables)]
            fn encode_output(
                output: &<Self as $crate::operation::Operation>::Output,
            ) -> Result<::bytes::Bytes, serde_json::Error> {
                operation!(@encode_output output $($response)+)
            }
        }

        #[cfg(feature = "arbitrary1")]
        impl<'a> arbitrary::Arbitrary<'a> for $Name {
            #[allow(unused_variables)]
            fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
                Ok(Self {
                    $($id_name: u.arbitrary()?,)*
                    $($name: operation!(@generate u $kind $form [$($limit)*]),)*
                })
            }
        }
    };

    // Anything else: the error points at the attribute that is unknown or misplaced.
    (@fields $head:tt
        $field:tt $new:tt $init:tt $path:tt $param:tt $args:tt $pass:tt $($rest:tt)*
    ) => {
        operation! { @unexpected $($rest)* }
    };
    (@unexpected #[doc = $doc:literal] $($rest:tt)*) => {
        operation! { @unexpected $($rest)* }
    };
    (@unexpected #[$attribute:ident $($value:tt)*] $($rest:tt)*) => {
        const _: $crate::operations::declare::check::an_attribute_of_a_parameter_in_its_order::$attribute = ();
    };
    (@unexpected $($rest:tt)*) => {
        compile_error!("a parameter is declared as `pub name: Type,`");
    };

    (@method
        Client $call:ident $Name:ident $aliases:tt [$($doc:literal)*] $idempotent:ident
        [$($why:literal)?] [] []
    ) => {
        operation! { @method_of client $call $Name $aliases [$($doc)*] $idempotent [$($why)?] }
        operation! { @method_of client::blocking $call $Name $aliases [$($doc)*] $idempotent [$($why)?] }
    };
    (@method_of
        $($module:ident)::+ $call:ident $Name:ident [$($alias:literal)+] [$($doc:literal)*]
        $idempotent:ident [$($why:literal)?]
    ) => {
        impl<T> $crate::$($module)::+::Client<T> {
            $(#[doc = $doc])*
            #[doc = operation!(@idempotent_doc $idempotent $($why)?)]
            #[doc = ""]
            #[doc = concat!("Operation [`", stringify!($Name), "`].")]
            $(#[doc(alias = $alias)])+
            pub fn $call(&self) -> $crate::client::Call<'_, Self, $Name> {
                self.call($Name::new())
            }
        }
    };
    (@method
        $Resource:ident $call:ident $Name:ident [$($alias:literal)+] [$($doc:literal)*] $idempotent:ident
        [$($why:literal)?] [$($args:tt)*] [$(($from:ident $pass:ident))*]
    ) => {
        impl<'c, C> $Resource<'c, C> {
            $(#[doc = $doc])*
            #[doc = operation!(@idempotent_doc $idempotent $($why)?)]
            #[doc = ""]
            #[doc = concat!("Operation [`", stringify!($Name), "`].")]
            $(#[doc(alias = $alias)])+
            pub fn $call(&self, $($args)*) -> $crate::client::Call<'c, C, $Name> {
                self.call($Name::new($(operation!(@pass $from self $pass)),*))
            }
        }
    };

    (@content_type GET []) => { None };
    (@content_type DELETE []) => { None };
    (@content_type $METHOD:ident [none]) => { None };
    (@content_type $METHOD:ident [multipart]) => { Some("multipart/form-data") };
    (@content_type $METHOD:ident [json]) => { Some("application/json") };

    (@wire $name:ident) => { stringify!($name) };
    (@wire $name:ident $wire:literal) => { $wire };

    (@idempotent idempotent) => { true };
    (@idempotent not_idempotent) => { false };
    (@idempotent_doc idempotent) => { "" };
    (@idempotent_doc idempotent $why:literal) => { concat!("\nIt is idempotent: ", $why, ".") };
    (@idempotent_doc not_idempotent $why:literal) => {
        concat!(
            "\nIt is not idempotent: ", $why,
            ". The client retries it only if the attempt was certainly not applied."
        )
    };

    (@place $METHOD:ident []) => { $crate::operation::ParameterPlace::Query };
    (@place $METHOD:ident $body:tt) => { $crate::operation::ParameterPlace::Body };
    (@values []) => { $crate::wire::read::QueryValues };
    (@values [json]) => { $crate::wire::read::BodyValues };
    (@values [multipart]) => { $crate::wire::read::FormValues };
    (@values [none]) => { $crate::wire::read::NoValues };

    (@is_required required) => { true };
    (@is_required secret) => { true };
    (@is_required file) => { true };
    (@is_required list) => { true };
    (@is_required $kind:ident) => { false };
    (@is_repeated repeated) => { true };
    (@is_repeated list) => { true };
    (@is_repeated $kind:ident) => { false };

    (@limit) => { None };
    (@limit $unit:ident = $min:literal ..) => {
        Some($crate::wire::ParameterLimit::$unit(&($min..=usize::MAX)))
    };
    (@limit $unit:ident = $range:expr) => { Some($crate::wire::ParameterLimit::$unit(&($range))) };
    (@limit_doc $unit:ident = $min:literal ..) => {
        concat!("\nLimit: at least ", $min, " ", stringify!($unit), ".")
    };
    (@limit_doc value = $range:expr) => { concat!("\nLimit: `", stringify!($range), "`.") };
    (@limit_doc $unit:ident = $range:expr) => {
        concat!("\nLimit: `", stringify!($range), "` ", stringify!($unit), ".")
    };

    (@output Page<$Item:ty> $(in $Wire:ty)?) => { $crate::page::Page<$Item> };
    (@output {}) => { () };
    (@output { $envelope:ident: $Output:ty }) => { $Output };
    (@output $name:ident: $Output:ty) => { $Output };
    (@output $items:ident in $Output:ty) => { $Output };
    (@output $Output:ty) => { $Output };

    (@decode $body:ident Page<$Item:ty> in $Wire:ty) => {
        <$Wire as $crate::page::PageWire<$Item>>::read($body)
    };
    (@decode $body:ident {}) => { $crate::wire::decode::empty($body) };
    (@decode $body:ident { $envelope:ident: Vec<$Item:ty> }) => {
        $crate::wire::decode::field_or_default($body, stringify!($envelope))
    };
    (@decode $body:ident { $envelope:ident: bool }) => {
        $crate::wire::decode::field_or_default($body, stringify!($envelope))
    };
    (@decode $body:ident { $envelope:ident: $Output:ty }) => {
        $crate::wire::decode::field($body, stringify!($envelope))
    };
    (@decode $body:ident $($Output:tt)+) => {
        $crate::operations::declare::check::whole::<operation!(@output $($Output)+)>($body)
    };
    (@constant $constant:ident { $($envelope:tt)* }) => { false };
    (@constant $constant:ident $($Output:tt)+) => {
        <operation!(@output $($Output)+) as $crate::operations::declare::check::ResponseBody>::$constant
    };
    (@encode_output $output:ident {}) => { Ok($crate::wire::Object::new().into_bytes()) };
    (@encode_output $output:ident { $envelope:ident: $Output:ty }) => {{
        let mut object = $crate::wire::Object::new();
        object.add(stringify!($envelope), $output)?;
        Ok(object.into_bytes())
    }};
    (@encode_output $output:ident Page<$Item:ty> in $Wire:ty) => {
        <$Wire as $crate::page::PageWire<$Item>>::write($output).map(Into::into)
    };
    (@encode_output $output:ident Page<$Item:ty>) => { $output.to_json().map(Into::into) };
    (@encode_output $output:ident $($Output:tt)+) => {
        serde_json::to_vec($output).map(Into::into)
    };

    // A response that is a success by its status may say that it is none.
    (@success $output:ident $name:ident: $Output:ty) => {
        if let Some(rejection) = $crate::operations::declare::check::ResponseBody::rejected($output) {
            return Err(rejection);
        }
    };
    (@success $output:ident $($other:tt)+) => {};
    (@succeed $output:ident $name:ident: $Output:ty) => {
        $crate::operations::declare::check::ResponseBody::succeed($output);
    };
    (@succeed $output:ident $($other:tt)+) => {};

    // The name of the output in `verify`.
    (@bind $output:ident { $name:ident: $Output:ty }) => { let $name = $output; };
    (@bind $output:ident $name:ident: $Output:ty) => { let $name = $output; };
    (@bind $output:ident $($other:tt)+) => {};

    (@verify $self:ident $output:ident $response:tt $(($($of:tt)+) $same:ident)*) => {
        $(operation! { @each iter $output $response [$($of)+] {
            if !$crate::operations::declare::check::Same::is_same(&$self.$same, &$($of)+) {
                return Err($crate::operation::Rejection::Differs(concat!($(stringify!($of)),+)));
            }
        } })*
    };
    (@agree $self:ident $output:ident $response:tt $(($($of:tt)+) $same:ident)*) => {
        $(operation! { @each iter_mut $output $response [$($of)+] {
            $crate::operations::declare::check::Same::agree(&$self.$same, &mut $($of)+);
        } })*
    };
    // Statements about the output; in a list, about each item.
    (@each $iter:ident $output:ident [$items:ident in $Output:ty] [$each:ident $($field:tt)+] $do:tt) => {
        for $each in $output.$items.$iter() $do
    };
    (@each $iter:ident $output:ident [Page<$Item:ty> $(in $Wire:ty)?] [$items:ident $($field:tt)+] $do:tt) => {
        for $items in $output.$items.$iter() $do
    };
    (@each $iter:ident $output:ident $response:tt $of:tt $do:tt) => { $do };

    (@paged $Name:ident Page<$Item:ty> $(in $Wire:ty)?) => {
        impl $crate::page::PagedOperation for $Name {
            type Item = $Item;

            #[inline]
            fn page_token(&self) -> Option<&str> {
                self.page_token.as_deref()
            }

            #[inline]
            fn set_page_token(&mut self, token: Option<String>) {
                self.page_token = token;
            }

            #[inline]
            fn set_page_size(&mut self, size: Option<u32>) {
                self.page_size = size;
            }
        }
    };
    (@paged $Name:ident $($other:tt)+) => {};

    (@write [] $self:ident $params:tt) => { operation! { @query $self $params } };
    (@write [none] $self:ident []) => {};
    (@write [multipart] $self:ident [$({ $kind:ident $name:ident [$($wire:literal)?] })*]) => {
        #[inline]
        fn body(&$self) -> Result<$crate::wire::Body, serde_json::Error> {
            let form = $crate::wire::Form::new();
            $(let form = operation! {
                @field $kind form $self.$name, operation!(@wire $name $($wire)?)
            };)*
            Ok($crate::wire::Body::form(form))
        }
    };
    (@write [json] $self:ident [$({ $kind:ident $name:ident [$($wire:literal)?] })*]) => {
        #[inline]
        fn body(&$self) -> Result<$crate::wire::Body, serde_json::Error> {
            #[allow(unused_mut)]
            let mut object = $crate::wire::Object::new();
            $(operation! { @add $kind object $self.$name, operation!(@wire $name $($wire)?) })*
            Ok(object.finish())
        }
    };
    (@query $self:ident [$({ $kind:ident $name:ident [$($wire:literal)?] })*]) => {
        #[inline]
        fn query(&$self, query: &mut $crate::wire::QueryBuilder) {
            let _ = &query;
            $(operation! { @pair $kind query $self.$name, operation!(@wire $name $($wire)?) })*
        }
    };
    (@add optional $object:ident $self:ident.$name:ident, $wire:expr) => {
        if let Some(value) = &$self.$name {
            $object.add($wire, value)?;
        }
    };
    (@add repeated $object:ident $self:ident.$name:ident, $wire:expr) => {
        if !$self.$name.is_empty() {
            $object.add($wire, &$self.$name)?;
        }
    };
    (@add list $object:ident $self:ident.$name:ident, $wire:expr) => {
        $object.add($wire, &$self.$name)?;
    };
    (@add required $object:ident $self:ident.$name:ident, $wire:expr) => {
        $object.add($wire, &$self.$name)?;
    };
    (@add secret $object:ident $self:ident.$name:ident, $wire:expr) => {
        $object.add($wire, $self.$name.expose())?;
    };
    (@field file $form:ident $self:ident.$name:ident, $wire:expr) => {
        $form.file($wire, $self.$name.clone())
    };
    (@field required $form:ident $self:ident.$name:ident, $wire:expr) => {
        $crate::operations::declare::check::field($form, $wire, [&$self.$name])
    };
    // For an option or a list.
    (@field $kind:ident $form:ident $self:ident.$name:ident, $wire:expr) => {
        $crate::operations::declare::check::field($form, $wire, $self.$name.iter())
    };
    (@pair required $query:ident $self:ident.$name:ident, $wire:expr) => {
        $query.parameter($wire, &$self.$name);
    };
    (@pair optional $query:ident $self:ident.$name:ident, $wire:expr) => {
        if let Some(value) = &$self.$name {
            $query.parameter($wire, value);
        }
    };
    // For a list.
    (@pair $kind:ident $query:ident $self:ident.$name:ident, $wire:expr) => {
        for value in &$self.$name {
            $query.parameter($wire, value);
        }
    };

    (@validate $body:tt secret $form:ident $self:ident.$name:ident, $wire:expr,) => {};
    (@validate $body:tt file $form:ident $self:ident.$name:ident, $wire:expr,) => {};
    (@validate $body:tt required $form:ident $self:ident.$name:ident, $wire:expr,
        $($limit:tt)*
    ) => {
        operation! { @validate_one $body $form &$self.$name, $wire, $($limit)* }
    };
    (@validate $body:tt optional $form:ident $self:ident.$name:ident, $wire:expr,
        $($limit:tt)*
    ) => {
        if let Some(value) = &$self.$name {
            operation! { @validate_one $body $form value, $wire, $($limit)* }
        }
    };
    // For a list. The limit applies to its length.
    (@validate $body:tt $kind:ident $form:ident $self:ident.$name:ident, $wire:expr,
        $($limit:tt)*
    ) => {
        for value in &$self.$name {
            $crate::wire::limit::check($wire, value)?;
        }
        operation! { @validate_limit &$self.$name, $wire, $($limit)* }
    };
    (@validate_one $body:tt $form:ident $value:expr, $wire:expr, $($limit:tt)*) => {
        operation! { @validate_text $body $form $value, $wire }
        $crate::wire::limit::check($wire, $value)?;
        operation! { @validate_limit $value, $wire, $($limit)* }
    };
    (@validate_text [] text $value:expr, $wire:expr) => {
        $crate::wire::limit::check_not_empty($wire, $value)?;
    };
    (@validate_text $body:tt $form:ident $value:expr, $wire:expr) => {};
    (@validate_limit $value:expr, $wire:expr,) => {};
    (@validate_limit $value:expr, $wire:expr, $unit:ident = $min:literal ..) => {
        $crate::wire::limit::$unit($wire, $value, &($min..=usize::MAX))?;
    };
    (@validate_limit $value:expr, $wire:expr, $unit:ident = $range:expr) => {
        $crate::wire::limit::$unit($wire, $value, &($range))?;
    };

    (@secret secret $self:ident.$name:ident) => {
        #[inline]
        fn secret(&$self) -> Option<&str> {
            Some($self.$name.expose())
        }
    };
    (@secret $kind:ident $self:ident.$name:ident) => {};

    (@setter $Name:ident $body:tt optional text $name:ident $Type:ty [$($doc:literal)*] [$($limit:tt)*]) => {
        impl<C> $crate::client::Call<'_, C, $Name> {
            $(#[doc = $doc])*
            #[doc = operation!(@setter_limit_doc $($limit)*)]
            pub fn $name(self, $name: impl Into<$Type>) -> Self {
                self.set(|operation| operation.$name = Some($name.into()))
            }
        }
    };
    (@setter $Name:ident $body:tt optional $form:ident $name:ident $Type:ty [$($doc:literal)*] [$($limit:tt)*]) => {
        impl<C> $crate::client::Call<'_, C, $Name> {
            $(#[doc = $doc])*
            #[doc = operation!(@setter_limit_doc $($limit)*)]
            pub fn $name(self, $name: $Type) -> Self {
                self.set(|operation| operation.$name = Some($name))
            }
        }
    };
    (@setter $Name:ident $body:tt repeated $form:ident $name:ident $Type:ty [$($doc:literal)*]
        [$($limit:tt)*]
    ) => {
        impl<C> $crate::client::Call<'_, C, $Name> {
            $(#[doc = $doc])*
            #[doc = operation!(@setter_list_doc $body)]
            #[doc = operation!(@setter_limit_doc $($limit)*)]
            pub fn $name(self, $name: $Type) -> Self {
                self.set(|operation| operation.$name.push($name))
            }
        }
    };
    (@setter $Name:ident $body:tt $kind:ident $form:ident $name:ident $Type:ty [$($doc:literal)*] [$($limit:tt)*]) => {};
    (@setter_limit_doc) => { "" };
    (@setter_limit_doc $($limit:tt)+) => {
        concat!(operation!(@limit_doc $($limit)+), " A value outside of the limit is an `ErrorKind::Invalid`.")
    };
    (@setter_list_doc []) => { "\nYou can call this several times: any of the values matches." };
    (@setter_list_doc $body:tt) => { "\nYou can call this several times: each value is added." };

    (@pass resource $self:ident $name:ident) => { $self.$name };
    (@pass argument $self:ident $name:ident) => { $name };

    (@read secret $values:ident, $wire:expr, $Type:ty) => {
        $crate::wire::read::secret(&mut $values, $wire, <$Type>::new)?
    };
    (@read list $values:ident, $wire:expr, $Type:ty) => { $values.repeated::<$Type>($wire)? };
    (@read file $values:ident, $wire:expr, $Type:ty) => { $values.file($wire)? };
    (@read $kind:ident $values:ident, $wire:expr, $Type:ty) => {
        $values.$kind::<$Type>($wire)?
    };

    (@generate $u:ident optional $form:ident $limit:tt) => {
        if $u.arbitrary()? {
            Some(operation!(@generate $u required $form $limit))
        } else {
            None
        }
    };
    (@generate $u:ident required text [$($limit:tt)*]) => {
        $crate::wire::generate::text($u, operation!(@limit $($limit)*))?
    };
    (@generate $u:ident required number [$($limit:tt)*]) => {
        $crate::wire::generate::number($u, operation!(@limit $($limit)*))?
    };
    (@generate $u:ident $kind:ident $form:ident $limit:tt) => { $u.arbitrary()? };
}

pub(crate) use operation;

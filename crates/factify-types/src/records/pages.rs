record! {
    /// What applies to a whole document. Schema `qcr.v1alpha.LayoutDefaults`, v1beta.
    pub struct LayoutDefaults {
        /// The size of the pages.
        pub page_size: Option<PageSize>,
        /// Width and height, if the page size is [`PageSize::Custom`].
        pub dimensions: Option<PhysicalDimensions>,
        /// The orientation of the pages.
        pub orientation: Option<Orientation>,
        /// The margins.
        pub margins: Option<Margins>,
        /// The direction of the text.
        pub direction: Option<Direction>,
    }
}

record! {
    /// The geometry of one page. Schema `qcr.v1alpha.PageGeometry`, v1beta.
    pub struct PageGeometry {
        /// The number of the page. The first page is 0.
        pub page_number: Option<i32>,
        /// Its size. Absent if it is that of the defaults.
        pub dimensions: Option<PhysicalDimensions>,
        /// Its orientation. Absent if it is that of the defaults.
        pub orientation: Option<Orientation>,
    }
}

record! {
    /// A size in millimeters. Schema `qcr.v1alpha.PhysicalDimensions`, v1beta.
    pub struct PhysicalDimensions {
        /// The width.
        pub width_mm: Option<f64>,
        /// The height.
        pub height_mm: Option<f64>,
    }
}

record! {
    /// The space around a page or a section, in millimeters. Schema `qcr.v1alpha.Margins`, v1beta.
    pub struct Margins {
        /// Above.
        pub top_mm: Option<f64>,
        /// On the right.
        pub right_mm: Option<f64>,
        /// Below.
        pub bottom_mm: Option<f64>,
        /// On the left.
        pub left_mm: Option<f64>,
    }
}

record! {
    /// The space inside of an element, in millimeters. Schema `qcr.v1alpha.Insets`, v1beta.
    pub struct Insets {
        /// At the top.
        pub top_mm: Option<f64>,
        /// On the right.
        pub right_mm: Option<f64>,
        /// At the bottom.
        pub bottom_mm: Option<f64>,
        /// On the left.
        pub left_mm: Option<f64>,
    }
}

open_enum! {
    /// The direction of a text. Schema `qcr.v1alpha.Direction`, v1beta.
    Direction {
        /// The API does not say it.
        Unspecified = "DIRECTION_UNSPECIFIED",
        /// From left to right.
        Ltr = "DIRECTION_LTR",
        /// From right to left.
        Rtl = "DIRECTION_RTL",
    }
}

open_enum! {
    /// The orientation of a page. Schema `qcr.v1alpha.Orientation`, v1beta.
    Orientation {
        /// The API does not say it.
        Unspecified = "ORIENTATION_UNSPECIFIED",
        /// Upright.
        Portrait = "ORIENTATION_PORTRAIT",
        /// Sideways.
        Landscape = "ORIENTATION_LANDSCAPE",
    }
}

open_enum! {
    /// The size of a page. Schema `qcr.v1alpha.PageSize`, v1beta.
    PageSize {
        /// The API does not say it.
        Unspecified = "PAGE_SIZE_UNSPECIFIED",
        /// A4.
        A4 = "PAGE_SIZE_A4",
        /// US letter.
        Letter = "PAGE_SIZE_LETTER",
        /// US legal.
        Legal = "PAGE_SIZE_LEGAL",
        /// A3.
        A3 = "PAGE_SIZE_A3",
        /// US tabloid.
        Tabloid = "PAGE_SIZE_TABLOID",
        /// Another size, given by its dimensions.
        Custom = "PAGE_SIZE_CUSTOM",
    }
}

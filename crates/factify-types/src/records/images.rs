use alloc::string::String;

record! {
    /// An image of pixels, such as a photo. Schema `qcr.v1alpha.RasterImageData`, v1beta.
    pub struct RasterImageData {
        /// What the image shows.
        pub alt_text: Option<String>,
        /// Its data.
        pub source: Option<DataSource>,
    }
}

record! {
    /// A vector graphic, such as a diagram or a chart. Schema `qcr.v1alpha.VectorImageData`, v1beta.
    pub struct VectorImageData {
        /// What the graphic shows.
        pub alt_text: Option<String>,
        /// Its data.
        pub source: Option<DataSource>,
    }
}

union! {
    /// The data of an image, or where it is. Schema `qcr.v1alpha.DataSource`, v1beta.
    pub struct DataSource {
        /// The data.
        pub content: Option<DataContent>,
        /// Its format.
        pub mime_type: Option<MimeType>,
    }

    /// Data, or where it is.
    enum {
        /// The bytes, as base64.
        InlineData(String) = "inline_data",
        /// A stable reference, such as a URL.
        StorageRef(String) = "storage_ref",
    }
}

open_enum! {
    /// The format of an image. Schema `qcr.v1alpha.MimeType`, v1beta.
    MimeType {
        /// The API does not say it.
        Unspecified = "MIME_TYPE_UNSPECIFIED",
        /// PNG.
        ImagePng = "MIME_TYPE_IMAGE_PNG",
        /// JPEG.
        ImageJpeg = "MIME_TYPE_IMAGE_JPEG",
        /// GIF.
        ImageGif = "MIME_TYPE_IMAGE_GIF",
        /// WebP.
        ImageWebp = "MIME_TYPE_IMAGE_WEBP",
        /// BMP.
        ImageBmp = "MIME_TYPE_IMAGE_BMP",
        /// TIFF.
        ImageTiff = "MIME_TYPE_IMAGE_TIFF",
        /// SVG.
        ImageSvg = "MIME_TYPE_IMAGE_SVG",
        /// EPS.
        ImageEps = "MIME_TYPE_IMAGE_EPS",
        /// PDF.
        ApplicationPdf = "MIME_TYPE_APPLICATION_PDF",
    }
}

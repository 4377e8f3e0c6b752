"""What must become of each difficult file, by its name."""

# Where the stored size is not the size a person sees.
SEEN_SIZES = {
    "exif_Portrait_6.jpg": (1200, 1800),
    "exif_Portrait_8.jpg": (1200, 1800),
    "exif_Landscape_5.jpg": (1800, 1200),
    "exif_Landscape_6.jpg": (1800, 1200),
    "pil_rot1mir0.avif": (640, 427),
}
REFUSALS = {
    "pil_orientation_rectangle.jpg": "photo_too_small",
    "sharp_full-transparent.png": "fully_transparent",
    "sharp_prophoto.png": "photo_too_small",
    "vips_truncated.jpg": "damaged_photo",
    "pil_hopper.psd": "unsupported_format",
    "pil_test-card-lossless.jp2": "unsupported_format",
    "pil_hopper.ico": "unsupported_format",
    "pil_truncated_jpeg.jpg": "damaged_photo",
    "sharp_truncated.jpg": "damaged_photo",
    "pil_truncated_image.png": "damaged_photo",
    "sharp_truncated.png": "damaged_photo",
    "vips_truncated.gif": "damaged_photo",
    "pil_broken.png": "damaged_photo",
    "pil_broken_data_stream.png": "damaged_photo",
    "sharp_corrupt-header.jpg": "damaged_photo",
    "pil_unknown_compression_method.png": "damaged_photo",
    "pil_zero_width.gif": "damaged_photo",
    "pil_tRNS_null_1x1.png": "photo_too_small",
    "pil_tiny.png": "photo_too_small",
    "pil_decompression_bomb.gif": "too_many_pixels",
    "sharp_giant-image.jpg": "too_many_pixels",
    "sharp_65536-uint32-limit.png": "too_many_pixels",
    "pil_reallybig.bmp": "too_many_pixels",
    "vips_17000x17000.avif": "too_many_pixels",
    # One pixel, and texts that would unpack to far more: they are left packed.
    "pil_png_decompression_dos.png": "photo_too_small",
    "pil_crash-0e16d3bfb83be87356d026d66919deaefca44dac.tif": "damaged_photo",
    "pil_timeout-6646305047838720": "damaged_photo",
    "heif_clap-overflow-divide-zero.heic": "damaged_photo",
    "sharp_check.svg": "unsupported_format",
    "pil_test-ole-file.doc": "unsupported_format",
}
# Readable pictures in which nothing stands out: gradients, one colour, a beach. They stay whole.
WITHOUT_SUBJECT = {
    "imgrs_basi0g16.png",
    "pil_16bit.cropped.tif",
    "pil_dispose_op_previous.png",
    "pil_exif_gps.jpg",
    "pil_icc-after-SOF.jpg",
    "pil_icc_profile_big.jpg",
    "pil_invalid-exif.jpg",
    "pil_multipage.tiff",
    "sharp_p3.png",
}
# In these u2netp sees something, but u2net does not: flat stripes, a scan, sea and rocks.
DOUBTFUL = {
    "sharp_50020484-00001.png",
    "sharp_Flag_of_the_Netherlands-16bit.png",
    "vips_ultra-hdr.jpg",
}
CUT_OUT_ALREADY = {
    "pil_pil123p.png",
    "pil_pil123rgba.png",
    "pil_star.avifs",
    "pil_transparent.gif",
    "sal_saleor-dash-force-1.png",
    "sal_saleor-mighty-mug.png",
    "sal_saleor-sunnies.png",
    "sharp_16-bit-grey-alpha.png",
    "sharp_grey-8bit-alpha.png",
}

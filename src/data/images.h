#pragma once

#include "data/split.h"

G_BEGIN_DECLS

/**
 * Reads a folder with one folder of pictures (PNG, PNM, JPEG, TIFF, BMP) per class, in the order of their names. All
 * pictures have one size. Pictures that are all grey give one channel, else three (RGB); the alpha channel must be opaque.
 *
 * Columns: "image" uint8 [height, width, channels], "label".
 *
 * @param classes (nullable) the classes of the training part: labels are its indices, other folders are refused
 * @param channels 1 or 3 as in the training part, 0: as the pictures are
 */
EqsSplit *eqs_images_read_folder (const char *path, const char *split, const char *const *classes, guint channels,
                                  GError **error);

/** One picture as uint8 [height, width, channels]; channels 1, 3, or 0: as the picture is. */
EqsArray *eqs_image_read (const char *path, guint channels, GError **error);

/** "class/picture" of all pictures in their order; (transfer full) */
char **eqs_images_list_files (const char *path);

/** Names of sub-folders that hold at least one picture, sorted; (transfer full) */
char **eqs_images_list_classes (const char *path);

G_END_DECLS

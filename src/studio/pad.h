#pragma once

/** Drawings and pictures as a sample of one's own: what a network of pictures is fed instead of a sample of the data. */

#include "data/split.h"
#include "studio/session.h"

G_BEGIN_DECLS

/** What the design's pictures are. */
typedef struct
{
  int  height, width, channels;
  char name[64];              /**< of the input */
} EqsPadInput;

/** FALSE: the design takes no pictures, or is not checked. */
gboolean  eqs_pad_find_input (EqsSession *session, EqsPadInput *input);
/**
 * Ink on a square as the network is fed: one sample with the input's column.
 * @param ink     [size, size], 0 nothing … 255 full  @param centre  as in sets of digits: the longer side of what is drawn takes 20 of 28 parts,
 *                its centre of mass stands in the middle
 * @return (transfer full)
 */
EqsSplit *eqs_pad_new_split (const EqsPadInput *input, const guint8 *ink, int size, gboolean centre);
/**
 * A picture file as the network takes it. Any thread; opens the network for that.
 * @return (transfer full) NULL with an error
 */
EqsSplit *eqs_pad_read_file (EqsModelSource *source, const char *path, GError **error);

G_END_DECLS

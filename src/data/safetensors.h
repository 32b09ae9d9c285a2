#pragma once

#include "data/array.h"

G_BEGIN_DECLS

/**
 * safetensors files, as the Python package of that name reads and writes them: 8 bytes of header length, a JSON header
 * of names, types, shapes and offsets, then the values, without gaps. Of types F32, F64, I64 and U8 are used here; the
 * reader also accepts the other integer types, and refuses the rest by name.
 *
 * The file is a function of what was added: tensors stand in the order of their element size (so that each is aligned),
 * then in the order in which they were added; metadata in the order of adding. The header ends on a multiple of 8.
 */
typedef struct _EqsSafetensorsWriter EqsSafetensorsWriter;
typedef struct _EqsSafetensors EqsSafetensors;

/** Without tensors and metadata. (transfer full) */
EqsSafetensorsWriter *eqs_safetensors_writer_new  (void);
/** With the copies of what was added. */
void                  eqs_safetensors_writer_free (EqsSafetensorsWriter *self);
/**
 * Copies data. Names are UTF-8, not empty, not "__metadata__" and each used once (programmer errors otherwise).
 */
void      eqs_safetensors_writer_add          (EqsSafetensorsWriter *self, const char *name, EqsDtype dtype, guint n_dims,
                                               const guint64 *dims, gconstpointer data);
/** UTF-8 text; a second call with the same key replaces. */
void      eqs_safetensors_writer_set_metadata (EqsSafetensorsWriter *self, const char *key, const char *value);
/** The whole file in memory; more may be added after. (transfer full) */
GBytes   *eqs_safetensors_writer_to_bytes     (EqsSafetensorsWriter *self);
/** Atomic: the old file stays when writing fails. FALSE with EQS_MODEL_ERROR_IO. */
gboolean  eqs_safetensors_writer_save         (EqsSafetensorsWriter *self, const char *path, GError **error);

/** A tensor of a file; borrowed from it. */
typedef struct
{
  const char   *name;
  EqsDtype      dtype;
  guint         n_dims;           /**< 0: a scalar */
  guint64       dims[EQS_MAX_DIMS];
  gsize         n_values, n_bytes;
  gconstpointer data;             /**< aligned for dtype */
} EqsTensor;

/**
 * Reads a file; refuses what is truncated, whose header is beyond the file or not as above, with offsets that overlap,
 * leave gaps or point outside, sizes that do not fit type and shape, and names that are there twice.
 */
EqsSafetensors  *eqs_safetensors_open         (const char *path, GError **error);
/**
 * The same from memory, of which the tensors are part; takes a reference. @param name  for messages
 * @return (transfer full) NULL with EQS_DATA_ERROR
 */
EqsSafetensors  *eqs_safetensors_parse        (GBytes *bytes, const char *name, GError **error);
/** Tensors and texts that were borrowed go with it. */
void             eqs_safetensors_free         (EqsSafetensors *self);

/** Tensors of the file. */
guint            eqs_safetensors_get_n        (const EqsSafetensors *self);
/** In the order of the file's header. */
const EqsTensor *eqs_safetensors_get          (const EqsSafetensors *self, guint index);
/** (nullable) */
const EqsTensor *eqs_safetensors_find         (const EqsSafetensors *self, const char *name);
/** (nullable) */
const char      *eqs_safetensors_get_metadata (const EqsSafetensors *self, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsSafetensorsWriter, eqs_safetensors_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsSafetensors, eqs_safetensors_free)

G_END_DECLS

#pragma once

/**
 * Values of a document: everything JSON can say, with the order of keys kept.
 *
 * An EqsValue is immutable and counted by reference, so that undo steps, copies and snapshots share it.
 * An EqsMap is an ordered table from names to values. A map inside a value never changes; a map on its own may.
 */

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _EqsValue EqsValue;
typedef struct _EqsMap   EqsMap;

typedef enum
{
  EQS_VALUE_NULL,
  EQS_VALUE_BOOL,
  EQS_VALUE_NUMBER,
  EQS_VALUE_STRING,
  EQS_VALUE_LIST,
  EQS_VALUE_OBJECT
} EqsValueType;

#define EQS_TYPE_VALUE (eqs_value_get_type ())
#define EQS_TYPE_MAP   (eqs_map_get_type ())
GType eqs_value_get_type (void);
GType eqs_map_get_type   (void);

EqsValue *eqs_value_new_null    (void);
EqsValue *eqs_value_new_bool    (gboolean flag);
EqsValue *eqs_value_new_number  (double number);                      /**< must be finite */
EqsValue *eqs_value_new_string  (const char *text);                   /**< must be UTF-8 */
EqsValue *eqs_value_new_list    (EqsValue *const *items, guint n);    /**< @param items (transfer none) */
EqsValue *eqs_value_new_numbers (const double *numbers, guint n);
EqsValue *eqs_value_new_strings (const char *const *strings);         /**< @param strings NULL-terminated */
EqsValue *eqs_value_new_object  (EqsMap *map);                        /**< @param map (transfer full) not changed later */
/** What a person typed: JSON where it is JSON ("3", "true", "[16, 32]"), and the text itself otherwise ("C4"). */
EqsValue *eqs_value_new_typed   (const char *text);

EqsValue *eqs_value_ref   (EqsValue *self);
void      eqs_value_unref (EqsValue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsValue, eqs_value_unref)

EqsValueType  eqs_value_get_kind   (const EqsValue *self);
gboolean      eqs_value_get_bool   (const EqsValue *self);            /**< FALSE when it is not a boolean */
double        eqs_value_get_number (const EqsValue *self);            /**< 0 when it is not a number */
const char   *eqs_value_get_string (const EqsValue *self);            /**< NULL when it is not a string */
guint         eqs_value_get_length (const EqsValue *self);            /**< items of a list; 0 otherwise */
EqsValue     *eqs_value_get_item   (const EqsValue *self, guint index);   /**< (transfer none) */
const EqsMap *eqs_value_get_map    (const EqsValue *self);            /**< NULL when it is not an object */
gboolean      eqs_value_is_numbers (const EqsValue *self);            /**< a list of numbers only (also the empty one) */
gboolean      eqs_value_is_strings (const EqsValue *self);
gboolean      eqs_value_equal      (const EqsValue *a, const EqsValue *b);   /**< NULL equals NULL; order of keys counts */
guint         eqs_value_get_line   (const EqsValue *self);            /**< line in the file it was read from; 0 if none */

/** Compact JSON on one line. The locale plays no part. */
char *eqs_value_to_text        (const EqsValue *self);
void  eqs_value_append_text    (const EqsValue *self, GString *text);
void  eqs_text_append_string   (GString *text, const char *string);   /**< quoted and escaped */
void  eqs_text_append_number   (GString *text, double number);        /**< the shortest text that reads back the same */

EqsMap   *eqs_map_new   (void);
EqsMap   *eqs_map_copy  (const EqsMap *self);                         /**< values are shared */
EqsMap   *eqs_map_ref   (EqsMap *self);
void      eqs_map_unref (EqsMap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsMap, eqs_map_unref)

guint       eqs_map_get_size  (const EqsMap *self);
const char *eqs_map_get_key   (const EqsMap *self, guint index);
EqsValue   *eqs_map_get_value (const EqsMap *self, guint index);      /**< (transfer none) */
int         eqs_map_find      (const EqsMap *self, const char *key);  /**< index, or -1 */
EqsValue   *eqs_map_get       (const EqsMap *self, const char *key);  /**< (transfer none) (nullable) */

/* Lenient look-ups: the fallback when the key is absent or of another type. self may be NULL. */
gboolean    eqs_map_get_bool   (const EqsMap *self, const char *key, gboolean fallback);
double      eqs_map_get_number (const EqsMap *self, const char *key, double fallback);
const char *eqs_map_get_string (const EqsMap *self, const char *key, const char *fallback);

/** Sets or appends. @param value (transfer full) */
void      eqs_map_set    (EqsMap *self, const char *key, EqsValue *value);
/** As eqs_map_set for a key that is absent, at a position (index < 0: at the end). @param value (transfer full) */
void      eqs_map_insert (EqsMap *self, int index, const char *key, EqsValue *value);
gboolean  eqs_map_remove (EqsMap *self, const char *key);

G_END_DECLS

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

/** JSON's null. (transfer full), as of all that follow. */
EqsValue *eqs_value_new_null    (void);
/** Any number but 0 is TRUE. */
EqsValue *eqs_value_new_bool    (gboolean flag);
/** Must be finite. */
EqsValue *eqs_value_new_number  (double number);
/** Must be UTF-8; copied. */
EqsValue *eqs_value_new_string  (const char *text);
/** A reference is taken of each item. @param items (transfer none) [n] */
EqsValue *eqs_value_new_list    (EqsValue *const *items, guint n);
/** A list of n finite numbers. */
EqsValue *eqs_value_new_numbers (const double *numbers, guint n);
/** A list of texts, copied. @param strings NULL-terminated, UTF-8 */
EqsValue *eqs_value_new_strings (const char *const *strings);
/** @param map (transfer full) not changed later */
EqsValue *eqs_value_new_object  (EqsMap *map);
/** What a person typed: JSON where it is JSON ("3", "true", "[16, 32]"), and the text itself otherwise ("C4"). */
EqsValue *eqs_value_new_typed   (const char *text);

/** One more owner, from any thread. @return self */
EqsValue *eqs_value_ref   (EqsValue *self);
/** One owner less, from any thread; the last one frees what is inside. */
void      eqs_value_unref (EqsValue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsValue, eqs_value_unref)

EqsValueType  eqs_value_get_kind   (const EqsValue *self);
/** FALSE when it is not a boolean. */
gboolean      eqs_value_get_bool   (const EqsValue *self);
/** 0 when it is not a number. */
double        eqs_value_get_number (const EqsValue *self);
/** NULL when it is not a string; borrowed. */
const char   *eqs_value_get_string (const EqsValue *self);
/** Items of a list; 0 otherwise. */
guint         eqs_value_get_length (const EqsValue *self);
/** Item 0 … length - 1 of a list; (transfer none). */
EqsValue     *eqs_value_get_item   (const EqsValue *self, guint index);
/** NULL when it is not an object; borrowed. */
const EqsMap *eqs_value_get_map    (const EqsValue *self);
/** A list of numbers only (also the empty one) */
gboolean      eqs_value_is_numbers (const EqsValue *self);
/** A list of strings only (also the empty one). */
gboolean      eqs_value_is_strings (const EqsValue *self);
/** Deep; NULL equals NULL, the order of keys counts, and 0 is not -0. */
gboolean      eqs_value_equal      (const EqsValue *a, const EqsValue *b);
/** Line in the file it was read from; 0 if none. */
guint         eqs_value_get_line   (const EqsValue *self);

/** Compact JSON on one line. The locale plays no part. */
char *eqs_value_to_text        (const EqsValue *self);
/** The same, behind what stands in text. */
void  eqs_value_append_text    (const EqsValue *self, GString *text);
/** Quoted and escaped as JSON has it; the string must be UTF-8. */
void  eqs_text_append_string   (GString *text, const char *string);
/** The shortest text that reads back the same. */
void  eqs_text_append_number   (GString *text, double number);

/** An empty table. (transfer full) */
EqsMap   *eqs_map_new   (void);
/** To be changed on its own; values are shared. (transfer full) */
EqsMap   *eqs_map_copy  (const EqsMap *self);
/** One more owner, from any thread. @return self */
EqsMap   *eqs_map_ref   (EqsMap *self);
/** One owner less, from any thread. */
void      eqs_map_unref (EqsMap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsMap, eqs_map_unref)

guint       eqs_map_get_size  (const EqsMap *self);
/** Name 0 … size - 1; borrowed until the map changes. */
const char *eqs_map_get_key   (const EqsMap *self, guint index);
/** Its value, (transfer none). */
EqsValue   *eqs_map_get_value (const EqsMap *self, guint index);
/** Index, or -1. self may be NULL. */
int         eqs_map_find      (const EqsMap *self, const char *key);
/** (transfer none) (nullable). self may be NULL. */
EqsValue   *eqs_map_get       (const EqsMap *self, const char *key);

/* Lenient look-ups: the fallback when the key is absent or of another type. self may be NULL. */
/** A boolean. */
gboolean    eqs_map_get_bool   (const EqsMap *self, const char *key, gboolean fallback);
/** Likewise. */
double      eqs_map_get_number (const EqsMap *self, const char *key, double fallback);
/** A whole number from 0 to max; the fallback where there is none such: missing, another type, negative, with a fraction or larger. */
guint64     eqs_map_get_count  (const EqsMap *self, const char *key, guint64 max, guint64 fallback);
/** Likewise; borrowed. fallback may be NULL. */
const char *eqs_map_get_string (const EqsMap *self, const char *key, const char *fallback);

/** Sets or appends. @param value (transfer full) */
void      eqs_map_set    (EqsMap *self, const char *key, EqsValue *value);
/** The same with a number; one that is not finite, which JSON does not know, takes the entry away. */
void      eqs_map_set_number (EqsMap *self, const char *key, double number);
/** As eqs_map_set for a key that is absent, at a position (index < 0: at the end). @param value (transfer full) */
void      eqs_map_insert (EqsMap *self, int index, const char *key, EqsValue *value);
/** FALSE when there was none; later entries move up. */
gboolean  eqs_map_remove (EqsMap *self, const char *key);

G_END_DECLS

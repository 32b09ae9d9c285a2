#pragma once

/** Sections of a document in the making: texts, figures, tables and commands, as a list of maps, and as Markdown. */

#include "model/value.h"

G_BEGIN_DECLS

/** Where a figure comes from. */
typedef enum { EQS_MEASURED, EQS_COMPUTED, EQS_STATED, EQS_RULE_OF_THUMB } EqsOrigin;

typedef struct _EqsBook EqsBook;

/** Without sections. (transfer full) */
EqsBook  *eqs_book_new      (void);
/** With what was written; values given away stay. */
void      eqs_book_free     (EqsBook *self);
/** Ends the section before and begins one, numbered from 0; the title is translated. */
void      eqs_book_section  (EqsBook *self, const char *title);
/** A paragraph of the section, translated, with a format as printf's. */
void      eqs_book_text     (EqsBook *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** Lines that stand as they are, such as commands. */
void      eqs_book_code     (EqsBook *self, const char *text);
/** name, its value as text, and the origin. */
void      eqs_book_figure   (EqsBook *self, EqsOrigin origin, const char *name, const char *format, ...) G_GNUC_PRINTF (4, 5);
/** "A|B|C"; rows follow, with as many cells. */
void      eqs_book_table    (EqsBook *self, const char *columns);
/** Cells of the table begun last, up to NULL; a cell after NULL is lost. */
void      eqs_book_row      (EqsBook *self, const char *first, ...) G_GNUC_NULL_TERMINATED;
/** The sections as a list. (transfer full) */
EqsValue *eqs_book_to_value (EqsBook *self);
/** Of what eqs_book_to_value gave: figures become tables, code is fenced. (transfer full) */
char     *eqs_book_to_markdown (const EqsValue *sections);
/** "measured", "computed", "stated", "rule of thumb": for files, not translated. */
const char *eqs_origin_name (EqsOrigin origin);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsBook, eqs_book_free)

G_END_DECLS

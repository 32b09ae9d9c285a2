#pragma once

/** Growing texts. A text that could not grow says so once, at the end. */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct
{
  char  *data;       /* ends with 0; NULL when empty */
  size_t length, room;
  bool   failed;
} EqkText;

/** printf's format. Without memory `failed` is set and the text stays as it is, as in all that follow. */
void eqk_text_add    (EqkText *self, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/** The same with a list of arguments. */
void eqk_text_addv   (EqkText *self, const char *format, va_list args);
/** length bytes of text, which may hold anything. */
void eqk_text_append (EqkText *self, const char *text, size_t length);
/** All of other, and its failure as well. */
void eqk_text_join   (EqkText *self, const EqkText *other);
/** Frees the text; it is empty and has not failed then. */
void eqk_text_clear  (EqkText *self);
/** The shortest decimal that reads back as this float, as a C constant: "0.5f", "1e-05f". */
void eqk_text_float  (EqkText *self, float value);
/** Inside a C comment: line ends become blanks, the end of a comment cannot occur. */
void eqk_text_comment (EqkText *self, const char *text);
/** Inside a C or JSON string. */
void eqk_text_escaped (EqkText *self, const char *text, bool json);

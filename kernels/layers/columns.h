#pragma once

/** Columns of sets and graphs by their names: what they say, and which are left out. Static, header only. */

#include "layers/nodes.h"
#include "core/memory.h"

#include <string.h>

/** Settings of an input whose rows come from columns; its own table ends with them. */
#define EQK_COLUMNS_PARAMS                                                                                                     \
  { "names", EQK_N_("Names of columns"), EQK_PARAM_TEXT, "", 0, 0, NULL,                                                       \
    EQK_N_("Names from the data, parted by commas: one for each column, or one for all of them") },                            \
  { "drop", EQK_N_("Columns left out"), EQK_PARAM_TEXT, "", 0, 0, NULL, EQK_N_("Names of columns that the design does not read, parted by commas") }

/** The next name of a list: its length, with *at set behind it; 0 at the end. */
static inline size_t
eqk_columns_next (const char **at, const char **name)
{
  size_t n;

  *name = *at + strspn (*at, ", ;");
  n = strcspn (*name, ", ;");
  *at = *name + n;
  return n;
}

static inline bool
eqk_columns_has (const char *list, const char *name, size_t length)
{
  const char *at = list, *other;

  for (size_t n; (n = eqk_columns_next (&at, &other)) > 0;)
    if (n == length && memcmp (other, name, n) == 0)
      return true;
  return false;
}

static inline int
eqk_columns_count (const char *list)
{
  const char *at = list, *name;
  int         n = 0;

  while (eqk_columns_next (&at, &name) > 0)
    n++;
  return n;
}

/** How many of c columns are read. map: their numbers, or NULL. */
static inline int
eqk_columns_kept (const char *names, const char *drop, int c, int32_t *map)
{
  const char *at = names, *name;
  size_t      length;
  int         n = 0;

  if (eqk_columns_count (names) != c)   /* one name for all */
    {
      length = eqk_columns_next (&at, &name);
      for (int i = 0; map != NULL && i < c; i++)
        map[i] = i;
      return length > 0 && eqk_columns_has (drop, name, length) ? 0 : c;
    }
  for (int i = 0; i < c; i++)
    {
      length = eqk_columns_next (&at, &name);
      if (eqk_columns_has (drop, name, length))
        continue;
      if (map != NULL)
        map[n] = i;
      n++;
    }
  return n;
}

/** The names fit the columns where some are left out, and what is left out is there. */
static inline EqkStatus
eqk_columns_check (EqkInfer *ctx, int c, EqkDiag *diag)
{
  const char *names = eqk_infer_text (ctx, "names"), *drop = eqk_infer_text (ctx, "drop"), *at = drop, *name;
  const int   n = eqk_columns_count (names);
  char        expected[64], found[48];

  for (size_t length; (length = eqk_columns_next (&at, &name)) > 0;)
    {
      if (n != 1 && n != c)
        {
          snprintf (expected, sizeof expected, "1 name or %d, where columns are left out", c);
          snprintf (found, sizeof found, "%d", n);
          return eqk_fail_expected (diag, EQK_ERR_SHAPE, "names", expected, found);
        }
      if (!eqk_columns_has (names, name, length))
        {
          snprintf (found, sizeof found, "%.*s", (int) (length < 40 ? length : 40), name);
          return eqk_fail_expected (diag, EQK_ERR_NAME, "drop", "names of columns", found);
        }
    }
  return EQK_OK;
}

/** The columns of x that are read: a value, or -1. */
static inline int
eqk_columns_take (EqkBuild *b, int x, EqkSpace space, int c, EqkDiag *diag)
{
  const char *names = eqk_build_text (b, "names"), *drop = eqk_build_text (b, "drop");
  const int   n = eqk_columns_kept (names, drop, c, NULL);
  int32_t    *map = n == c ? NULL : eqk_malloc ((size_t) c * sizeof *map);
  int         y = -1;

  if (n == c || map == NULL)
    return n == c ? x : -1;
  eqk_columns_kept (names, drop, c, map);
  y = eqk_rows_take (b, x, space, c, map, n, diag);
  free (map);
  return y;
}

/** The entry of the table that has this name; NULL: nobody knows it. */
static inline const EqkTellingName *
eqk_columns_telling (const EqkTellingName *table, const char *name, size_t length)
{
  for (; table->words != NULL; table++)
    for (const char *at = table->words; *at != '\0'; at += strcspn (at, "|"), at += *at == '|')
      if (strcspn (at, "|") == length && memcmp (at, name, length) == 0)
        return table;
  return NULL;
}

/** Those of the columns that are read whose name raises the code, added to what is left out already. False when there are none. */
static inline bool
eqk_columns_find (EqkInfer *ctx, const EqkTellingName *table, const char *code, char *drop, size_t size)
{
  const char *at = eqk_infer_text (ctx, "names"), *name;
  const char *before = eqk_infer_text (ctx, "drop");
  bool        found = false;

  snprintf (drop, size, "%s", before);
  for (size_t length; (length = eqk_columns_next (&at, &name)) > 0;)
    {
      const EqkTellingName *telling = eqk_columns_telling (table, name, length);
      const size_t          n = strlen (drop);

      if (telling == NULL || strcmp (telling->code, code) != 0 || eqk_columns_has (drop, name, length))
        continue;
      found = found || !eqk_columns_has (before, name, length);
      snprintf (drop + n, size - n, "%s%.*s", n > 0 ? "," : "", (int) length, name);
    }
  return found;
}

/** Notes at a feed of c columns what their names say; true unless memory ran out. */
static inline bool
eqk_columns_mark (EqkBuild *b, const EqkTellingName *table, int x, int c)
{
  const char *names = eqk_build_text (b, "names"), *at = names, *name = "";
  const int   n = eqk_columns_count (names);
  EqkTelling *says = n != 1 && n != c ? NULL : eqk_calloc ((size_t) c + 1, sizeof *says);
  size_t      length = 0;
  bool        any = false, good = true;

  if (x < 0 || says == NULL)
    {
      free (says);
      return x < 0 || (n != 1 && n != c);
    }
  for (int i = 0; i < c; i++)
    {
      const EqkTellingName *telling;

      length = i == 0 || n == c ? eqk_columns_next (&at, &name) : length;      /* one name may stand for all */
      telling = eqk_columns_telling (table, name, length);
      says[i] = telling == NULL ? EQK_TELLS_NOTHING : telling->says;
      any = any || telling != NULL;
    }
  if (any)
    good = eqk_build_telling (b, x, says);
  free (says);
  return good;
}

/** Whether leaving these out is well-defined and leaves something, where something must be left. */
static inline bool
eqk_columns_can_drop (EqkInfer *ctx, const char *drop, int c, bool some)
{
  const char *names = eqk_infer_text (ctx, "names");
  const int   n = eqk_columns_count (names);

  return (n == 1 || n == c) && (!some || eqk_columns_kept (names, drop, c, NULL) > 0);
}

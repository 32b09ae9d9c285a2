/*
 * Texts of representations, by recursive descent:
 *
 *   rep   = [ term { "+" term } ]
 *   term  = [ number "x" ] field
 *   field = number [ "e" | "o" | "y" ]        of O(3), SO(3): degree and parity, y is (-1)^degree
 *         | "triv" | "sign" | "f" number | "(" j "," k ")" | "reg" [ "(" group ")" ] | "bl" number | group "/" group
 *         | "sum(" field { "," field } ")" | "prod(" field "," field ")"
 *         | "res(" group "," field ")"     | "ind(" group "," field ")"
 *
 * res restricts a field of a larger group, ind induces one of a subgroup. White space is free between tokens.
 */

#include "rep/rep-private.h"
#include "core/memory.h"

#include "eqk/space.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 6
#define MAX_SUM   64

static bool
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_word (char c)
{
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void
skip_space (const char **text)
{
  while (is_space (**text))
    (*text)++;
}

static bool
take (const char **text, char c)
{
  skip_space (text);
  if (**text != c)
    return false;
  (*text)++;
  skip_space (text);
  return true;
}

static bool
take_int (const char **text, int limit, int *value)
{
  const char *end;

  skip_space (text);
  end = eqk_read_int (*text, limit, value);
  if (end == NULL)
    return false;
  *text = end;
  return true;
}

/** Letters and digits from here; false when there are none or too many. */
static bool
take_word (const char **text, char *word, size_t size)
{
  size_t n = 0;

  while (is_word ((*text)[n]))
    n++;
  if (n == 0 || n >= size)
    return false;
  memcpy (word, *text, n);
  word[n] = 0;
  *text += n;
  return true;
}

/** A group id with its axis, if it has one. Without one a mirror lies as in `like`, when that has mirrors. */
static const EqkGroup *
take_group (const char **text, const EqkGroup *like)
{
  const char *start = *text, *p = start, *axis;
  const EqkGroup *group = NULL;
  char id[64] = "", word[16];
  size_t n;

  if (!take_word (&p, word, sizeof word))
    return NULL;
  strcpy (id, word);
  n = strlen (id);
  axis = like != NULL ? strchr (eqk_group_get_id (like), '@') : NULL;
  if (strncmp (p, "@axis=", 6) == 0)
    {
      size_t length = 6;

      while ((p[length] >= '0' && p[length] <= '9') || p[length] == '.' || p[length] == '-')
        length++;
      if (n + length >= sizeof id)
        return NULL;
      memcpy (id + n, p, length);
      id[n + length] = 0;
      p += length;
    }
  else if (axis != NULL && (group = eqk_group_get (id)) != NULL && eqk_group_has_mirror (group))
    strcpy (id + n, axis);
  group = eqk_group_get (id);
  if (group != NULL)
    *text = p;
  return group;
}

/** A group id that must be `group` itself. */
static bool
take_this_group (const char **text, const EqkGroup *group)
{
  const char *p = *text;

  if (take_group (&p, group) != group)
    return false;
  *text = p;
  return true;
}

static const EqkField *
parse_pair (const EqkGroup *group, const char **text)
{
  const char *p = *text;
  const EqkField *field;
  int j, k;

  if (!take (&p, '(') || !take_int (&p, 1, &j) || !take (&p, ',') || !take_int (&p, EQK_MAX_FREQUENCY, &k)
      || !take (&p, ')'))
    return NULL;
  field = eqk_group_irrep_by_id (group, j, k);
  if (field != NULL)
    *text = p;
  return field;
}

static const EqkField *
parse_sum (const EqkGroup *group, const char **text, int depth)
{
  const EqkField *fields[MAX_SUM];
  int n = 0;

  do
    {
      skip_space (text);
      fields[n] = n < MAX_SUM ? eqk_field_parse (group, text, depth) : NULL;
      if (fields[n] == NULL)
        return NULL;
      n++;
    }
  while (n < MAX_SUM && take (text, ','));
  return take (text, ')') ? eqk_field_sum (fields, n) : NULL;
}

static const EqkField *
parse_product (const EqkGroup *group, const char **text, int depth)
{
  const EqkField *a = eqk_field_parse (group, text, depth), *b;

  if (a == NULL || !take (text, ','))
    return NULL;
  b = eqk_field_parse (group, text, depth);
  return b != NULL && take (text, ')') ? eqk_field_product (a, b) : NULL;
}

/** The inside of res(...) or ind(...): a field of another group. */
static const EqkField *
parse_foreign (const char **text, int depth)
{
  const EqkGroup *other = take_group (text, NULL);
  const EqkField *field;

  if (other == NULL || !take (text, ','))
    return NULL;
  field = eqk_field_parse (other, text, depth);
  return field != NULL && take (text, ')') ? field : NULL;
}

static const EqkField *
parse_call (const EqkGroup *group, const char *word, const char **text, int depth)
{
  const EqkField *inner;

  if (strcmp (word, "reg") == 0)
    return take_this_group (text, group) && take (text, ')') ? eqk_group_regular (group) : NULL;
  if (strcmp (word, "sum") == 0)
    return parse_sum (group, text, depth);
  if (strcmp (word, "prod") == 0)
    return parse_product (group, text, depth);
  if (strcmp (word, "res") != 0 && strcmp (word, "ind") != 0)
    return NULL;

  inner = parse_foreign (text, depth);
  if (inner == NULL)
    return NULL;
  return word[0] == 'r' ? eqk_field_restrict (inner, group) : eqk_field_induce (inner, group);
}

static const EqkField *
parse_quotient (const EqkGroup *group, const char **text)
{
  const EqkGroup *sub;

  if (!take_this_group (text, group) || !take (text, '/'))
    return NULL;
  sub = take_group (text, group);
  return sub == NULL ? NULL : eqk_field_quotient (group, sub);
}

/** "f3", "bl2": the number behind a prefix, or -1. */
static int
number_after (const char *word, const char *prefix)
{
  const size_t n = strlen (prefix);
  const char *end;
  int value;

  if (strncmp (word, prefix, n) != 0)
    return -1;
  end = eqk_read_int (word + n, EQK_MAX_FREQUENCY, &value);
  return end != NULL && *end == 0 ? value : -1;
}

static bool
in_space (const EqkGroup *group)
{
  return eqk_group_get_space_dim (group) == 3;
}

/** "2e", "1o", "3y" of O(3); "2" of SO(3), where a parity is read and means nothing. */
static const EqkField *
parse_degree (const EqkGroup *group, const char **text)
{
  const bool  parities = !eqk_group_is_connected (group);
  const char *p = *text;
  int         l, j = 0;

  p = eqk_read_int (p, EQK_MAX_DEGREE, &l);
  if (p == NULL)
    return NULL;
  if (parities)
    skip_space (&p);
  if (*p == 'e' || *p == 'o' || *p == 'y')
    j = *p == 'o' || (*p == 'y' && l % 2 == 1);
  else if (parities || is_word (*p))
    {
      *text = p;   /* the letter is what is wrong */
      return NULL;
    }
  *text = *p == 'e' || *p == 'o' || *p == 'y' ? p + 1 : p;
  return eqk_group_irrep_by_id (group, parities ? j : 0, l);
}

static const EqkField *
parse_word (const EqkGroup *group, const char *word)
{
  const bool mirror = eqk_group_has_mirror (group);
  int k;

  if (strcmp (word, "triv") == 0)
    return eqk_group_trivial (group);
  if (strcmp (word, "sign") == 0 && mirror)
    return eqk_group_irrep_by_id (group, 1, 0);
  if (strcmp (word, "sign") == 0 && in_space (group))
    return eqk_group_irrep_by_id (group, 1, 0);
  if (strcmp (word, "reg") == 0)
    return eqk_group_regular (group);
  k = number_after (word, "f");
  if (k >= 0)
    return k == 0 ? eqk_group_trivial (group) : eqk_group_irrep_by_id (group, mirror ? 1 : 0, k);
  k = number_after (word, "bl");
  return k >= 0 ? eqk_field_band_limited (group, k) : NULL;
}

const EqkField *
eqk_field_parse (const EqkGroup *group, const char **text, int depth)
{
  const char *p;
  const EqkField *field;
  char word[16];

  skip_space (text);
  if (depth >= MAX_DEPTH)
    return NULL;
  if (**text == '(')
    return parse_pair (group, text);
  if (in_space (group) && **text >= '0' && **text <= '9')
    return parse_degree (group, text);
  p = *text;
  if (!take_word (&p, word, sizeof word))
    return NULL;
  if (*p == '/' || *p == '@')
    return parse_quotient (group, text);

  skip_space (&p);
  if (*p == '(')
    {
      p++;
      skip_space (&p);
      field = parse_call (group, word, &p, depth + 1);
      *text = p;
      return field;
    }
  field = parse_word (group, word);
  if (field != NULL)
    *text += strlen (word);
  return field;
}

/** The multiplicity in front of a field; 1 when there is none. */
static EqkStatus
parse_mul (const EqkGroup *group, const char **text, int *mul)
{
  const char *p = *text, *start = *text;

  *mul = 1;
  if (*p < '0' || *p > '9')
    return EQK_OK;
  if (!take_int (&p, EQK_MAX_CHANNELS, mul))
    return EQK_ERR_LIMIT;
  skip_space (&p);
  *text = p;
  if (*p != 'x' && in_space (group))
    {
      *mul = 1;   /* it was a degree */
      *text = start;
      return EQK_OK;
    }
  if (*p != 'x')
    return EQK_ERR_PARSE;
  *text = p + 1;
  skip_space (text);
  return EQK_OK;
}

typedef struct
{
  EqkRepRun *runs;
  int        n, size;
  int64_t    channels;
} Runs;

static EqkStatus
push_run (Runs *runs, const EqkField *field, int mul)
{
  runs->channels += (int64_t) mul * eqk_field_get_dim (field);
  if (runs->channels > EQK_MAX_CHANNELS)
    return EQK_ERR_LIMIT;
  if (mul == 0)
    return EQK_OK;
  if (runs->n == runs->size)
    {
      const int size = runs->size == 0 ? 8 : runs->size * 2;
      EqkRepRun *grown = eqk_realloc (runs->runs, sizeof *grown * (size_t) size);

      if (grown == NULL)
        return EQK_ERR_NO_MEMORY;
      runs->runs = grown;
      runs->size = size;
    }
  runs->runs[runs->n++] = (EqkRepRun) { field, mul };
  return EQK_OK;
}

static EqkStatus
parse_term (const EqkGroup *group, const char **text, Runs *runs)
{
  const char *start;
  const EqkField *field;
  int mul;
  EqkStatus status = parse_mul (group, text, &mul);

  if (status != EQK_OK)
    return status;
  start = *text;
  field = eqk_field_parse (group, text, 0);
  if (field == NULL)
    return EQK_ERR_PARSE;
  status = push_run (runs, field, mul);
  if (status != EQK_OK)
    *text = start;
  skip_space (text);
  return status;
}

static EqkStatus
parse_terms (const EqkGroup *group, const char **text, Runs *runs)
{
  EqkStatus status;

  skip_space (text);
  if (**text == 0)
    return EQK_OK;
  do
    status = parse_term (group, text, runs);
  while (status == EQK_OK && take (text, '+'));
  return status == EQK_OK && **text != 0 ? EQK_ERR_PARSE : status;
}

/** What should have stood at `stop` in irreps of space. */
static const char *
wanted_in_space (const EqkGroup *group, const char *text, const char *stop)
{
  const char *before = stop;
  int         l;

  while (before > text && is_space (before[-1]))
    before--;
  if (before > text && before[-1] >= '0' && before[-1] <= '9')
    return EQK_N_("a parity, e or o, after the degree, as in 8x0e + 4x1o");
  if (*stop >= '0' && *stop <= '9')
    return eqk_read_int (stop, EQK_MAX_DEGREE, &l) == NULL ? EQK_N_("a degree from 0 to 11") : EQK_N_("a multiplicity, x and an irrep, as in 4x1o");
  return eqk_group_is_connected (group) ? EQK_N_("a number, as in 8x0 + 4x1") : EQK_N_("a number, as in 8x0e + 4x1o");
}

static EqkStatus
parse_failure (EqkDiag *diag, EqkStatus status, const EqkGroup *group, const char *text, const char *stop)
{
  const char *what = status == EQK_ERR_LIMIT ? "more than 65535 channels"
                     : status == EQK_ERR_NO_MEMORY ? "memory" : "representation";

  eqk_fail_expected (diag, status, what, in_space (group) && status == EQK_ERR_PARSE ? wanted_in_space (group, text, stop) : eqk_group_get_id (group),
                     *stop != 0 ? stop : text);
  if (diag != NULL)
    diag->index = stop - text;
  return status;
}

EqkStatus
eqk_rep_parse (const EqkGroup *group, const char *text, const EqkRep **out, EqkDiag *diag)
{
  Runs runs = { 0 };
  const char *p = text;
  EqkStatus status = parse_terms (group, &p, &runs);

  if (status == EQK_OK)
    {
      const EqkRep *rep = eqk_rep_from_runs (group, runs.runs, runs.n);

      if (rep != NULL)
        *out = rep;
      else
        status = EQK_ERR_NO_MEMORY;
    }
  free (runs.runs);
  return status == EQK_OK ? EQK_OK : parse_failure (diag, status, group, text, p);
}

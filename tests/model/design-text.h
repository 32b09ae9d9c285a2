#pragma once

/**
 * A design is text. The first line names the group and then, as words, the task and "name=value" entries: "flat" (no
 * translations), "equivariant" (kind of output), limits of the specification, "batch", "N" and "E" (nodes and edges of a sample), "loss:NAME" and answers of the ten
 * questions ("q8:not-mirrors"). Each further line is a node,
 * "id layer settings", fed by the line before, or by what stands after "<": "a b.port >input c".
 */

#include "model/compile.h"

#include <string.h>

/* "epochs=-3", "schedule=slowly" */
static void
set_plan (EqsDocument *document, const char *text)
{
  g_auto (GStrv) halves = g_strsplit (text, "=", 2);
  g_autoptr (EqsValue) value = eqs_value_from_setting_text (halves[1]);

  g_assert_true (eqs_document_set_entry (document, EQS_SECTION_TRAINING, halves[0], value, NULL));
}

/* "loss:mae", "plan:lr=1e-3", "q8:not-mirrors" */
static void
set_word (EqsDocument *document, const char *word)
{
  const char *colon = strchr (word, ':');
  g_autofree char *key = g_strndup (word, (gsize) (colon - word));
  g_autoptr (EqsValue) value = eqs_value_new_string (colon + 1), answers = NULL;

  if (strcmp (key, "loss") == 0)
    g_assert_true (eqs_document_set_entry (document, EQS_SECTION_TRAINING, key, value, NULL));
  else if (strcmp (key, "plan") == 0)
    set_plan (document, colon + 1);
  else
    {
      const EqsValue *old = eqs_document_get_entry (document, EQS_SECTION_SPEC, "questionnaire");
      EqsMap *map = old == NULL ? eqs_map_new () : eqs_map_copy (eqs_value_get_map (old));

      eqs_map_set (map, key, eqs_value_ref (value));
      answers = eqs_value_new_object (map);
      g_assert_true (eqs_document_set_entry (document, EQS_SECTION_SPEC, "questionnaire", answers, NULL));
    }
}

static void
add_head (EqsDocument *document, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  gboolean flat = FALSE;

  for (int i = 1; words[i] != NULL; i++)
    {
      const char *equals = strchr (words[i], '=');

      if (strchr (words[i], ':') != NULL)
        set_word (document, words[i]);
      else if (strcmp (words[i], "flat") == 0)
        flat = TRUE;
      else if (equals == NULL)
        {
          const gboolean output = strcmp (words[i], "equivariant") == 0;
          g_autoptr (EqsValue) value = eqs_value_new_string (words[i]);

          g_assert_true (eqs_document_set_entry (document, EQS_SECTION_SPEC, output ? "output" : "task", value, NULL));
        }
      else
        {
          g_autofree char *key = g_strndup (words[i], (gsize) (equals - words[i]));
          g_autoptr (EqsValue) value = eqs_value_new_number (g_ascii_strtod (equals + 1, NULL));

          g_assert_true (eqs_document_set_entry (document, strcmp (key, "batch") == 0 ? EQS_SECTION_TRAINING : strcmp (key, "N") == 0 || strcmp (key, "E") == 0 ? EQS_SECTION_NOMINAL : EQS_SECTION_SPEC, key, value, NULL));
        }
    }
  g_assert_true (eqs_document_set_symmetry (document, words[0], !flat, NULL, NULL));
}

static void
add_node (EqsDocument *document, const char *line)
{
  g_auto (GStrv) parts = g_strsplit (line, " ", 3);
  g_autofree char *settings = g_strdup (parts[2] == NULL ? "" : parts[2]);
  char *cut = parts[2] != NULL && parts[2][0] == '<' ? settings : strstr (settings, " <");
  g_autoptr (EqsNode) node = eqs_node_new (parts[0], parts[1]);
  g_autoptr (EqsMap) params = NULL;

  if (cut != NULL)
    *cut = '\0';
  params = eqs_map_from_settings_text (settings);
  for (guint i = 0; params != NULL && i < eqs_map_get_size (params); i++)
    eqs_node_set_param (node, eqs_map_get_key (params, i), eqs_value_ref (eqs_map_get_value (params, i)));
  g_assert_true (eqs_document_add_node (document, "", node, -1, NULL));
}

static void
connect (EqsDocument *document, const char *from, const char *node, const char *port)
{
  g_autofree char *a = strchr (from, '.') != NULL ? g_strdup (from) : g_strconcat (from, ".y", NULL);
  g_autofree char *b = g_strconcat (node, ".", port, NULL);
  g_autoptr (GError) error = NULL;

  eqs_document_connect (document, "", a, b, -1, FALSE, &error);
  g_assert_no_error (error);
}

static void
add_links (EqsDocument *document, const char *line, const char *before)
{
  g_auto (GStrv) parts = g_strsplit (line, " ", 2);
  const char *links = strchr (line, '<');
  g_auto (GStrv) words = g_strsplit (links == NULL ? "" : links + 1, " ", -1);

  if (links == NULL && before != NULL)
    {
      g_auto (GStrv) source = g_strsplit (before, " ", 2);

      connect (document, source[0], parts[0], "x");
    }
  for (int i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0' && words[i][0] != '>')
      connect (document, words[i], parts[0], words[i + 1] != NULL && words[i + 1][0] == '>' ? words[i + 1] + 1 : "x");
}

static inline EqsDocument *
design (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  EqsDocument *document = eqs_document_new ();

  add_head (document, lines[0]);
  for (int i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    add_node (document, lines[i]);
  for (int i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    add_links (document, lines[i], i > 1 ? lines[i - 1] : NULL);
  return document;
}

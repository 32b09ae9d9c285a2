/* equi datasets NAME --inspect: columns, classes, directions and duplicates. */

#include "cli/inspect.h"

#include "draw/number-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>

/* ---- for people ---- */

static void
print_facts (const EqsColumnFacts *facts)
{
  g_autofree char *name = facts->kind == EQS_FACTS_WHOLE ? g_strdup (facts->name) :
                          facts->kind == EQS_FACTS_LENGTH ? g_strdup_printf (_("    length of %s"), facts->name) : g_strdup_printf ("    %s[%u]", facts->name, facts->component);
  g_autofree char *padded = eqs_cli_pad (name, 28);
  const double     numbers[] = { facts->min, facts->mean, facts->spread, facts->max };
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_append_printf (line, "  %s %10zu %8zu", padded, (gsize) facts->n, (gsize) facts->n_missing);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = eqs_number_dup_text (numbers[i], 4), *wide = eqs_cli_pad (text, 11);

      g_string_append_printf (line, " %s", wide);
    }
  if (facts->unit != NULL)
    g_string_append (line, facts->unit);
  if (facts->n_unknown > 0)
    /* Translators: a number of nodes whose class is of another part */
    g_string_append_printf (line, _(" (%zu not known in this part)"), (gsize) facts->n_unknown);
  printf ("%s\n", g_strchomp (line->str));
}

static void
print_part (const EqsInspectedPart *part)
{
  static const char *const titles[] = { N_("Column"), N_("Numbers"), N_("Missing"), N_("Least"), N_("Mean"), N_("Spread"), N_("Largest") };
  static const int         widths[] = { 29, 11, 9, 12, 12, 12, 0 };
  g_autofree char         *orientation = eqs_orientation_dup_text (&part->orientation);

  printf ("%s\n", part->name);
  if (part->refusal != NULL)
    /* Translators: why a part of the data cannot be trained on */
    printf (_("  Training refuses it: %s\n"), part->refusal);
  if (!part->is_read)
    return;
  printf ("  ");
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autofree char *padded = eqs_cli_pad (_(titles[i]), widths[i]);

      printf ("%s", padded);
    }
  printf ("\n");
  for (guint i = 0; i < part->columns->len; i++)
    print_facts (&g_array_index (part->columns, EqsColumnFacts, i));
  if (part->orientation.kind != EQS_ORIENTATION_NONE)
    printf ("  %s\n", orientation);
}

static void
print_classes (const EqsSurvey *survey)
{
  for (guint p = 0; p < survey->n_parts; p++)
    {
      if (survey->parts[p].counts == NULL)
        continue;
      /* Translators: a part */
      printf (_("classes of %s:"), survey->parts[p].name);
      for (guint i = 0; i < survey->n_classes; i++)
        if (survey->names != NULL)
          printf (" %s %u", survey->names[i], survey->parts[p].counts[i]);
        else
          printf (" %u: %u", i, survey->parts[p].counts[i]);
      printf ("\n");
    }
}

void
eqs_cli_print_inspection (const EqsInspection *self)
{
  for (guint i = 0; i < self->n_parts; i++)
    print_part (&self->parts[i]);
  print_classes (self->survey);
  printf (g_dngettext (GETTEXT_PACKAGE, "%zu value is missing.\n", "%zu values are missing.\n", self->n_missing), (gsize) self->n_missing);
  printf (g_dngettext (GETTEXT_PACKAGE, "%u sample equals an earlier one", "%u samples equal an earlier one", self->survey->equal->len), self->survey->equal->len);
  printf (g_dngettext (GETTEXT_PACKAGE, ", %u of them across parts that must differ.\n", ", %u of them across parts that must differ.\n", self->survey->n_leaks), self->survey->n_leaks);
}

/* ---- for programs ---- */

static EqsValue *
facts_value (const EqsColumnFacts *facts)
{
  EqsMap *map = eqs_map_new ();

  eqs_cli_set_string (map, "name", facts->name);
  if (facts->kind == EQS_FACTS_COMPONENT)
    eqs_cli_set_number (map, "component", facts->component);
  if (facts->kind == EQS_FACTS_LENGTH)
    eqs_cli_set_string (map, "of", "length");
  eqs_cli_set_string (map, "unit", facts->unit);
  eqs_cli_set_number (map, "numbers", (double) facts->n);
  eqs_cli_set_number (map, "missing", (double) facts->n_missing);
  eqs_cli_set_number (map, "unknown", (double) facts->n_unknown);
  eqs_cli_set_number (map, "min", facts->min);
  eqs_cli_set_number (map, "mean", facts->mean);
  eqs_cli_set_number (map, "spread", facts->spread);
  eqs_cli_set_number (map, "max", facts->max);
  return eqs_value_new_object (map);
}

static EqsMap *
orientation_map (const EqsOrientation *orientation)
{
  static const char *const kinds[] = { NULL, "picture", "plane", "space" };
  g_autoptr (GPtrArray)    counts = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  EqsMap *map = eqs_map_new ();

  for (guint i = 0; i < orientation->n_bins; i++)
    g_ptr_array_add (counts, eqs_value_new_number (orientation->counts[i]));
  eqs_cli_set_string (map, "kind", kinds[orientation->kind]);
  eqs_cli_set_value (map, "counts", eqs_cli_list (counts));
  eqs_cli_set_number (map, "without", orientation->n_without);
  eqs_cli_set_bool (map, "leans", eqs_orientation_leans (orientation));
  eqs_cli_set_number (map, "share", orientation->n == 0 ? NAN : orientation->share);
  eqs_cli_set_number (map, "by_chance", orientation->n == 0 ? NAN : orientation->even);
  return map;
}

static EqsMap *
part_map (const EqsInspectedPart *part, const EqsSurveyPart *counted, guint n_classes)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref), counts = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  EqsMap *map = eqs_map_new ();

  for (guint i = 0; i < part->columns->len; i++)
    g_ptr_array_add (columns, facts_value (&g_array_index (part->columns, EqsColumnFacts, i)));
  for (guint i = 0; counted->counts != NULL && i < n_classes; i++)
    g_ptr_array_add (counts, eqs_value_new_number (counted->counts[i]));
  eqs_cli_set_number (map, "samples", part->is_read ? part->n : NAN);
  eqs_cli_set_string (map, "refusal", part->refusal);
  eqs_cli_set_value (map, "columns", eqs_cli_list (columns));
  eqs_cli_set_value (map, "classes", eqs_cli_list (counts));
  eqs_cli_set_map (map, "orientation", orientation_map (&part->orientation));
  return map;
}

EqsMap *
eqs_cli_inspection_map (const EqsInspection *self)
{
  EqsMap *map = eqs_map_new (), *parts = eqs_map_new ();

  for (guint i = 0; i < self->n_parts; i++)
    eqs_cli_set_map (parts, self->parts[i].name, part_map (&self->parts[i], &self->survey->parts[i], self->survey->n_classes));
  eqs_cli_set_map (map, "parts", parts);
  eqs_cli_set_number (map, "missing", (double) self->n_missing);
  eqs_cli_set_number (map, "duplicates", self->survey->equal->len);
  eqs_cli_set_number (map, "leaks", self->survey->n_leaks);
  return map;
}

/* Between documents and kernels: symmetries, ids, settings, failures. */

#include "model/compile.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const struct { const char *id, *point; gboolean translations; const char *permutations; } combined[] = {
  { "SE3", "SO3", TRUE, NULL }, { "E3", "O3", TRUE, NULL }, { "E3xSn", "O3", TRUE, "set" }, { "SE3xSn", "SO3", TRUE, "set" },
  { "SE2", "SO2", TRUE, NULL }, { "E2", "O2", TRUE, NULL }, { "Sn", "triv", FALSE, "set" },
};

/* A misspelt “group” would be no symmetry at all, without a word. */
static gboolean
has_group_or_nothing_else (EqsDocument *document, GError **error)
{
  static const char *const known[] = { "translations", "permutations", NULL };
  const EqsMap *map = eqs_document_get_section (document, EQS_SECTION_SYMMETRY);

  for (guint i = 0; map != NULL && eqs_map_get (map, "group") == NULL && i < eqs_map_get_size (map); i++)
    if (!g_strv_contains (known, eqs_map_get_key (map, i)))
      {
        g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND,
                     _("The symmetry has no “group”, and nothing reads its “%s”. Without a symmetry, “group” is “triv”."), eqs_map_get_key (map, i));
        return FALSE;
      }
  return TRUE;
}

gboolean
eqs_compile_symmetry (EqsDocument *document, EqkSymmetry *symmetry, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);

  const char *group = eqs_document_get_group (document), *permutations = eqs_document_get_permutations (document);

  if (!has_group_or_nothing_else (document, error))
    return FALSE;
  symmetry->translations = eqs_document_has_translations (document);
  for (gsize i = 0; i < G_N_ELEMENTS (combined); i++)
    if (strcmp (group, combined[i].id) == 0)
      {
        group = combined[i].point;
        symmetry->translations = symmetry->translations || combined[i].translations;
        if (combined[i].permutations != NULL && strcmp (permutations, "none") == 0)
          permutations = combined[i].permutations;
        break;
      }
  symmetry->permutations = strcmp (permutations, "set") == 0 ? EQK_PERMUTE_SET : strcmp (permutations, "graph") == 0 ? EQK_PERMUTE_GRAPH : EQK_PERMUTE_NONE;
  symmetry->group = eqk_group_get (group);
  if (symmetry->group != NULL)
    return TRUE;

  g_autofree char *quoted = eqs_error_quote (group);
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND,
               _("There is no symmetry group “%s”. “equi groups” lists those there are."), quoted);
  return FALSE;
}

char **
eqs_compile_list_groups (void)
{
  static const char *const whole[] = { "SO2", "O2", "SO3", "O3" };
  GPtrArray *ids = g_ptr_array_new ();

  g_ptr_array_add (ids, g_strdup ("triv"));
  for (int n = 2; n <= 16; n++)
    g_ptr_array_add (ids, g_strdup_printf ("C%d", n));
  for (int n = 1; n <= 16; n++)
    g_ptr_array_add (ids, g_strdup_printf ("D%d", n));
  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    g_ptr_array_add (ids, g_strdup (whole[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (combined); i++)
    if (eqk_group_get_space_dim (eqk_group_get (combined[i].point)) != 2 || combined[i].permutations != NULL)      /* of the plane shifts are an entry of their own */
      g_ptr_array_add (ids, g_strdup (combined[i].id));
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}

char *
eqs_symmetry_dup_notation (const EqkSymmetry *symmetry)
{
  const gboolean moves = symmetry->translations && eqk_group_get_space_dim (symmetry->group) == 3;
  const char    *id = eqk_group_get_id (symmetry->group), *point = !moves ? eqk_group_get_notation (symmetry->group) : strcmp (id, "O3") == 0 ? "E(3)" : strcmp (id, "SO3") == 0 ? "SE(3)" : eqk_group_get_notation (symmetry->group);

  if (symmetry->permutations == EQK_PERMUTE_NONE)
    return g_strdup (point);
  return eqk_group_get_order (symmetry->group) == 1 ? g_strdup ("Sₙ") : g_strdup_printf ("%s × Sₙ", point);
}

char *
eqs_symmetry_dup_title (const EqkSymmetry *symmetry)
{
  const char *title = _(eqk_group_get_title (symmetry->group));

  if (symmetry->permutations == EQK_PERMUTE_NONE)
    return g_strdup (title);
  /* Translators: rotations or the like come first. */
  return eqk_group_get_order (symmetry->group) == 1 ? g_strdup (_("Any order of the items")) : g_strdup_printf (_("%s, any order"), title);
}

char *
eqs_compile_dup_path (const char *kernel_id)
{
  g_auto (GStrv) parts = g_strsplit (kernel_id, "/", -1);
  GString *path = g_string_new (parts[0]);

  for (guint i = 1; parts[0] != NULL && parts[i] != NULL; i++)
    if (i % 2 == 0)   /* block / copy / node / copy / node */
      g_string_append_printf (path, "/%s", parts[i]);
  return g_string_free (path, FALSE);
}

/* Whether the kernels' node "block/0/conv" is a copy of the document's "block/conv". */
static gboolean
is_copy_of (const char *kernel_id, const char *path)
{
  for (;;)
    {
      const char *end = strchrnul (kernel_id, '/');
      const gsize n = (gsize) (end - kernel_id);

      if (strncmp (kernel_id, path, n) != 0)
        return FALSE;
      path += n;
      if (*end == '\0' || *path != '/')
        return *end == *path;
      path++;
      kernel_id = strchrnul (end + 1, '/');      /* the number of the copy is skipped */
      kernel_id += *kernel_id == '/';
    }
}

int
eqs_compile_find_node (const EqkTyped *typed, const char *path)
{
  const EqkGraph *graph = eqk_typed_graph (typed);
  const int       n = eqk_graph_n_nodes (graph);

  for (int i = 0; i < n; i++)
    if (is_copy_of (eqk_graph_node_id (graph, i), path))
      return i;
  return -1;
}

static EqsValue *
value_of (const EqkSetting *setting)
{
  switch (setting->kind)
    {
    case EQK_SETTING_NUMBER: return eqs_value_new_number (setting->number);
    case EQK_SETTING_BOOL:   return eqs_value_new_bool (setting->number != 0);
    case EQK_SETTING_LIST:   return eqs_value_new_numbers (setting->list, (guint) setting->n);
    case EQK_SETTING_TEXT:   return eqs_value_new_string (setting->text);
    }
  return eqs_value_new_null ();
}

EqsMap *
eqs_map_from_settings_text (const char *text)
{
  EqsMap      *map = eqs_map_new ();
  EqkSettings *settings = NULL;

  if (eqk_settings_parse (text, &settings, NULL) == EQK_OK)
    for (int i = 0; i < eqk_settings_count (settings); i++)
      eqs_map_set (map, eqk_settings_at (settings, i)->name, value_of (eqk_settings_at (settings, i)));
  eqk_settings_free (settings);
  return map;
}

EqsValue *
eqs_value_from_setting_text (const char *text)
{
  g_autofree char *named = g_strconcat ("v=", text, NULL);
  g_autoptr (EqsMap) map = eqs_map_from_settings_text (named);
  EqsValue *value = eqs_map_get (map, "v");

  return value == NULL ? eqs_value_new_string (text) : eqs_value_ref (value);
}

static void
set_list (EqkSettings *settings, const char *key, const EqsValue *value)
{
  g_autofree double *numbers = g_new (double, eqs_value_get_length (value) + 1);

  for (guint k = 0; k < eqs_value_get_length (value); k++)
    numbers[k] = eqs_value_get_number (eqs_value_get_item (value, k));
  eqk_settings_set_list (settings, key, numbers, (int) MIN (eqs_value_get_length (value), 100000));
}

EqkSettings *
eqs_settings_from_map (const EqsMap *map)
{
  EqkSettings *settings = eqk_settings_new ();

  for (guint i = 0; map != NULL && i < eqs_map_get_size (map); i++)
    {
      const char     *key = eqs_map_get_key (map, i);
      const EqsValue *value = eqs_map_get_value (map, i);

      switch (eqs_value_get_kind (value))
        {
        case EQS_VALUE_BOOL:   eqk_settings_set_bool (settings, key, eqs_value_get_bool (value)); break;
        case EQS_VALUE_NUMBER: eqk_settings_set_number (settings, key, eqs_value_get_number (value)); break;
        case EQS_VALUE_STRING: eqk_settings_set_text (settings, key, eqs_value_get_string (value)); break;
        case EQS_VALUE_LIST:   set_list (settings, key, value); break;
        default:               break;   /* null: the default; objects have no meaning for a layer */
        }
    }
  return settings;
}

void
eqs_compile_set_error (GError **error, EqkStatus status, const EqkDiag *diag)
{
  if (status == EQK_ERR_NO_MEMORY)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("There is not enough memory (%s)."), diag->what);
  else if (diag->node[0] != '\0')
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s”: %s."), diag->node, diag->what);
  else
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, "%s.", diag->what);
}

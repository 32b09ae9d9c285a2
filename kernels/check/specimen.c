/* Specimens: probes of the stated types, linked to the layer under test. */

#include "check/specimen.h"

#include "core/memory.h"
#include "graph/graph-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  const char  *word;
  EqkSpaceKind space;
  EqkKind      kind;
} Word;

static const Word words[] = {
  { "grid", EQK_SPACE_GRID, EQK_KIND_FEATURE },   { "sample", EQK_SPACE_SAMPLE, EQK_KIND_FEATURE },
  { "nodes", EQK_SPACE_NODES, EQK_KIND_FEATURE }, { "edges", EQK_SPACE_EDGES, EQK_KIND_FEATURE },
  { "pairs", EQK_SPACE_PAIRS, EQK_KIND_FEATURE }, { "positions", EQK_SPACE_NODES, EQK_KIND_POSITION },
  { "species", EQK_SPACE_NODES, EQK_KIND_SPECIES }, { "length", EQK_SPACE_EDGES, EQK_KIND_EDGE_LENGTH },
  { "radial", EQK_SPACE_EDGES, EQK_KIND_RADIAL },   { "vector", EQK_SPACE_EDGES, EQK_KIND_EDGE_VECTOR },
  { "cell", EQK_SPACE_SAMPLE, EQK_KIND_CELL },
};

static const Word *
word_of (const char *text)
{
  const size_t n = strcspn (text, " ");

  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strlen (words[i].word) == n && strncmp (words[i].word, text, n) == 0)
      return &words[i];
  return NULL;
}

/* Cuts " as KIND" off the end of text. */
static EqkStatus
read_kind (char *text, EqkKind *kind, EqkDiag *diag)
{
  char *as = strstr (text, " as ");

  if (as == NULL)
    return EQK_OK;
  for (int k = EQK_KIND_FEATURE; k <= EQK_KIND_STRESS; k++)
    if (strcmp (eqk_kind_name ((EqkKind) k), as + 4) == 0)
      {
        *kind = (EqkKind) k;
        *as = '\0';
        return EQK_OK;
      }
  return eqk_fail (diag, EQK_ERR_PARSE, "kind “%s”", as + 4);
}

/* Positions and edge vectors turn as the plane or the space does; everything else is one number. */
static const EqkRep *
default_rep (const EqkGroup *group, EqkKind kind)
{
  const bool      space = eqk_group_get_space_dim (group) == 3;
  const int       mirror = space ? !eqk_group_is_connected (group) : eqk_group_has_mirror (group);   /* inversion turns arrows round */
  const EqkField *vector = NULL;

  if (kind != EQK_KIND_POSITION && kind != EQK_KIND_EDGE_VECTOR && kind != EQK_KIND_CELL)
    return eqk_rep_single (eqk_group_trivial (group), 1);
  vector = eqk_group_irrep_by_id (group, mirror, 1);
  if (vector == NULL)
    vector = eqk_group_irrep_by_id (group, 1 - mirror, 1);
  return vector != NULL && eqk_field_get_dim (vector) > 1 ? eqk_rep_single (vector, kind == EQK_KIND_CELL ? 3 : 1) : eqk_rep_single (eqk_group_trivial (group), 3);
}

EqkStatus
eqk_specimen_parse (const char *text, const EqkSymmetry *symmetry, EqkPortType *out, EqkDiag *diag)
{
  EqkPortType type = { .symmetry = *symmetry };
  char        rest[160];
  int         used;
  const Word *found = word_of (text);
  EqkStatus   status;

  if (found == NULL)
    return eqk_fail (diag, EQK_ERR_PARSE, "“%s”", text);
  type.space.kind = found->space;
  type.kind = found->kind;
  text += strlen (found->word);
  if (found->space == EQK_SPACE_GRID)
    {
      if (sscanf (text, " %dx%d%n", &type.space.h, &type.space.w, &used) != 2 || type.space.h < 1 || type.space.w < 1)
        return eqk_fail (diag, EQK_ERR_PARSE, "extents in “%s”", text);
      text += used;
    }
  snprintf (rest, sizeof rest, "%s", text + strspn (text, " "));
  status = read_kind (rest, &type.kind, diag);
  if (status == EQK_OK)
    {
      if (rest[0] != '\0')
        status = eqk_rep_parse (symmetry->group, rest, &type.rep, diag);
      else
        type.rep = default_rep (symmetry->group, type.kind);
    }
  if (status != EQK_OK)
    return status;
  type.guarantee = (EqkGuarantee){ EQK_HOLDS_EXACT, eqk_guarantee_full_mask (symmetry->group), -1, NULL };
  if (found->space == EQK_SPACE_GRID)
    {
      type.guarantee.exact = eqk_guarantee_grid_mask (symmetry->group, type.space.h, type.space.w);
      if (type.guarantee.exact != eqk_guarantee_full_mask (symmetry->group) || (!eqk_group_is_finite (symmetry->group) && eqk_group_get_space_dim (symmetry->group) == 2))
        type.guarantee.holds = EQK_HOLDS_PARTLY;
    }
  *out = type;
  return EQK_OK;
}

/* ---- inputs ---- */

typedef struct
{
  EqkGraph *graph;
  EqkDiag  *diag;
  char      words[8][48];      /* texts after '&', and the nodes they stand for */
  char      ids[8][8];
  int       n_shared, n_nodes;
} Inputs;

static EqkStatus add_source (Inputs *in, const char *text, char *id, char *port);

static EqkStatus
add_probe (Inputs *in, const char *text, char *id)
{
  EqkPortType type;
  EqkStatus   status = eqk_specimen_parse (text, &in->graph->symmetry, &type, in->diag);

  snprintf (id, 8, "in%d", in->n_nodes++ % 100);
  return status != EQK_OK ? status : eqk_graph_add_probe (in->graph, id, &type, NULL, in->diag);
}

static EqkStatus
add_shared (Inputs *in, const char *text, char *id)
{
  EqkStatus status;

  for (int i = 0; i < in->n_shared; i++)
    if (strcmp (in->words[i], text) == 0)
      {
        memcpy (id, in->ids[i], 8);
        return EQK_OK;
      }
  if (in->n_shared == 8)
    return eqk_fail (in->diag, EQK_ERR_LIMIT, "shared inputs");
  status = add_probe (in, text, id);
  snprintf (in->words[in->n_shared], sizeof in->words[0], "%s", text);
  memcpy (in->ids[in->n_shared++], id, 8);
  return status;
}

/* Links the sources in text, parted by ';' outside of brackets, to the ports of the layer in order. */
static EqkStatus
add_arguments (Inputs *in, const char *text, const char *id, const EqkLayerType *layer)
{
  const int n_ports = eqk_port_count (layer->inputs);
  char      part[200], from[8], port[24];
  EqkStatus status = EQK_OK;

  for (int i = 0; status == EQK_OK && *text != '\0'; i++)
    {
      int    depth = 0;
      size_t n = 0;

      text += strspn (text, " ");
      while (text[n] != '\0' && (depth > 0 || text[n] != ';') && n + 1 < sizeof part)
        {
          depth += text[n] == '(' || text[n] == '{';
          depth -= text[n] == ')' || text[n] == '}';
          n++;
        }
      snprintf (part, sizeof part, "%.*s", (int) n, text);
      text += n + (text[n] == ';');
      if (i >= n_ports && (n_ports == 0 || !layer->inputs[n_ports - 1].variadic))
        return eqk_fail (in->diag, EQK_ERR_GRAPH, "more inputs than ports for %s", layer->id);
      if (part[0] == '\0')
        continue;
      status = add_source (in, part, from, port);
      if (status == EQK_OK)
        status = eqk_graph_link (in->graph, from, port, id, layer->inputs[i < n_ports ? i : n_ports - 1].name, in->diag);
    }
  return status;
}

/* "layer{settings}(source; source).port" */
static EqkStatus
add_layer (Inputs *in, const char *text, char *id, char *port)
{
  const size_t        n = strcspn (text, "{(");
  const char         *open = strchr (text, '('), *close = strrchr (text, ')'), *brace = text[n] == '{' ? text + n : NULL;
  const EqkLayerType *layer;
  EqkSettings        *settings = NULL;
  char                word[48], part[160] = "", arguments[300];
  EqkStatus           status;

  if (brace != NULL && strchr (brace, '}') != NULL)
    {
      snprintf (part, sizeof part, "%.*s", (int) (strchr (brace, '}') - brace - 1), brace + 1);
      open = strchr (strchr (brace, '}'), '(');
    }
  if (open == NULL || close == NULL || close < open)
    return eqk_fail (in->diag, EQK_ERR_PARSE, "“%s”", text);
  snprintf (word, sizeof word, "%.*s", (int) n, text);
  snprintf (arguments, sizeof arguments, "%.*s", (int) (close - open - 1), open + 1);
  layer = eqk_layer_find (word);
  if (layer == NULL)
    return eqk_fail (in->diag, EQK_ERR_NAME, "%s", word);
  snprintf (port, 24, "%s", close[1] == '.' ? close + 2 : layer->outputs[0].name);
  snprintf (id, 8, "in%d", in->n_nodes++ % 100);
  status = eqk_settings_parse (part, &settings, in->diag);
  if (status == EQK_OK)
    status = eqk_graph_add (in->graph, id, word, settings, NULL, NULL, in->diag);
  eqk_settings_free (settings);
  return status == EQK_OK ? add_arguments (in, arguments, id, layer) : status;
}

static EqkStatus
add_source (Inputs *in, const char *text, char *id, char *port)
{
  snprintf (port, 24, "y");
  if (strchr (text, '(') != NULL && word_of (text) == NULL)
    return add_layer (in, text, id, port);
  return text[0] == '&' ? add_shared (in, text + 1, id) : add_probe (in, text, id);
}

static EqkStatus
add_inputs (EqkGraph *graph, const EqkLayerType *layer, const EqkSpecimen *specimen, EqkDiag *diag)
{
  const int n_ports = eqk_port_count (layer->inputs);
  Inputs    in = { .graph = graph, .diag = diag };
  EqkStatus status = EQK_OK;

  for (int i = 0; status == EQK_OK && i < 4 && specimen->inputs[i] != NULL; i++)
    {
      const int port = i < n_ports ? i : n_ports - 1;
      char      id[8], from_port[24];

      if (specimen->inputs[i][0] == '\0')
        continue;
      if (port < 0 || (i >= n_ports && !layer->inputs[port].variadic))
        return eqk_fail (diag, EQK_ERR_GRAPH, "a specimen of %s has more inputs than ports", layer->id);
      status = add_source (&in, specimen->inputs[i], id, from_port);
      if (status == EQK_OK)
        status = eqk_graph_link (graph, id, from_port, "layer", layer->inputs[port].name, diag);
    }
  return status;
}

/* Nodes and edges may be renumbered; what is fed on them says so. */
static EqkSymmetry
symmetry_of (const EqkSpecimen *specimen, const EqkGroup *group)
{
  EqkSymmetry symmetry = { .group = group };

  for (int i = 0; i < 4 && specimen->inputs[i] != NULL; i++)
    {
      const char *text = specimen->inputs[i];
      const Word *word = strstr (text, "&positions") != NULL ? word_of ("positions") : word_of (text);

      if (word == NULL)
        continue;
      if (word->space == EQK_SPACE_EDGES || word->space == EQK_SPACE_PAIRS || word->kind == EQK_KIND_POSITION)
        symmetry.permutations = EQK_PERMUTE_GRAPH;
      else if (word->space == EQK_SPACE_NODES && symmetry.permutations == EQK_PERMUTE_NONE)
        symmetry.permutations = EQK_PERMUTE_SET;
      if (word->kind == EQK_KIND_POSITION)
        symmetry.translations = true;
    }
  return symmetry;
}

EqkStatus
eqk_specimen_typed (const EqkLayerType *layer, const EqkSpecimen *specimen, EqkTyped **out, EqkDiag *diag)
{
  const unsigned  refusals = eqk_memory_refusals ();
  const EqkGroup *group = eqk_group_get (specimen->group);
  EqkSymmetry     symmetry;
  EqkSettings    *settings = NULL;
  EqkGraph       *graph = NULL;
  EqkStatus       status;

  if (group == NULL)
    return eqk_fail (diag, eqk_memory_refusals () == refusals ? EQK_ERR_NAME : EQK_ERR_NO_MEMORY, "group “%s”", specimen->group);
  symmetry = symmetry_of (specimen, group);
  status = eqk_settings_parse (specimen->settings == NULL ? "" : specimen->settings, &settings, diag);
  if (status == EQK_OK && (graph = eqk_graph_new (&symmetry)) == NULL)
    status = eqk_fail (diag, EQK_ERR_NO_MEMORY, "graph");
  if (status == EQK_OK)
    {
      graph->bare = true;
      status = eqk_graph_add_type (graph, "layer", layer, settings, NULL, NULL, diag);
    }
  if (status == EQK_OK)
    status = add_inputs (graph, layer, specimen, diag);
  if (status == EQK_OK)
    status = eqk_graph_infer (graph, out, diag);
  eqk_settings_free (settings);
  eqk_graph_free (graph);
  return status;
}

EqkStatus
eqk_specimen_program (const EqkLayerType *layer, const EqkSpecimen *specimen, const EqkCompileOptions *options, EqkProgram **out, EqkDiag *diag)
{
  EqkTyped *typed = NULL;
  EqkStatus status = eqk_specimen_typed (layer, specimen, &typed, diag);

  if (status != EQK_OK)
    return status;
  for (int i = 0; status == EQK_OK && i < eqk_typed_n_problems (typed); i++)
    if (eqk_typed_problem (typed, i)->rule->blocks == EQK_BLOCKS_RUN)
      status = eqk_fail (diag, EQK_ERR_GRAPH, "%s: %s", eqk_typed_problem (typed, i)->rule->code,
                         eqk_typed_problem (typed, i)->args != NULL ? eqk_typed_problem (typed, i)->args : "");
  if (status == EQK_OK)
    status = eqk_compile (typed, options, out, diag);
  eqk_typed_unref (typed);
  return status;
}

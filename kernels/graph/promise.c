/* The promise in words, English, for files that leave the studio: which elements are exact, and whether shifts are. */

#include "eqk/graph.h"

#include <stdio.h>
#include <string.h>

static bool
is_one_of (const char *id, const char *const *ids)
{
  for (; *ids != NULL; ids++)
    if (strcmp (id, *ids) == 0)
      return true;
  return false;
}

/* A window that does not wrap round the edge, or a layer that tells places apart. */
static bool
sees_borders (const EqkGraph *graph, int node)
{
  static const char *const placed[] = { "pad", "crop", "disk_mask", "flatten", NULL };
  const EqkLayerType      *layer = eqk_graph_node_layer (graph, node);
  bool                     window = false, wraps = false;

  for (const EqkParam *p = layer->params; p != NULL && p->name != NULL; p++)
    {
      window |= p->kind == EQK_PARAM_INT && strcmp (p->name, "k") == 0;
      wraps |= strcmp (p->name, "pad_mode") == 0 && strcmp (eqk_settings_text (eqk_graph_node_settings (graph, node), layer->params, "pad_mode"), "circular") == 0;
    }
  return is_one_of (layer->id, placed) || (window && !wraps);
}

EqkShifts
eqk_typed_shifts (const EqkTyped *self)
{
  const EqkGraph *graph = eqk_typed_graph (self);
  bool            grid = false, borders = false, strides = false;
  int             h = 0, w = 0;

  if (!eqk_graph_get_symmetry (graph)->translations)
    return EQK_SHIFTS_NONE;
  for (int i = 0; i < eqk_graph_n_nodes (graph); i++)
    {
      borders |= sees_borders (graph, i);
      for (const EqkPort *port = eqk_graph_node_layer (graph, i)->outputs; port != NULL && port->name != NULL; port++)
        {
          const EqkPortType *type = eqk_typed_output (self, i, port->name);

          if (type == NULL || type->space.kind != EQK_SPACE_GRID)
            continue;
          strides |= grid && (type->space.h != h || type->space.w != w);
          grid = true;
          h = type->space.h;
          w = type->space.w;
        }
    }
  return !grid ? EQK_SHIFTS_ALL : borders || strides ? EQK_SHIFTS_INSIDE : EQK_SHIFTS_PIXELS;
}

/* ---- words ---- */

typedef struct { char *text; size_t size, length; } Line;

static void
add (Line *line, const char *words)
{
  if (line->length < line->size)
    line->length += (size_t) snprintf (line->text + line->length, line->size - line->length, "%s", words);
}

/* Names of elements in letters that every source file may hold: "90 deg". */
static void
add_elements (Line *line, const EqkGroup *group, uint64_t mask)
{
  bool first = true;

  for (int bit = 0; bit < 64; bit++)
    if (mask >> bit & 1)
      {
        const EqkElement g = eqk_guarantee_element (group, bit);
        char             name[48], *sign;

        eqk_group_element_name (group, &g, name, sizeof name);
        add (line, first ? "" : "; ");
        first = false;
        sign = strstr (name, "°");
        if (sign != NULL)
          *sign = '\0';
        add (line, strcmp (name, "e") == 0 ? "no turn" : name);
        add (line, sign != NULL ? " deg" : "");
      }
}

void
eqk_typed_promise_text (const EqkTyped *self, char *text, size_t size)
{
  static const char *const shifts[] = {
    [EQK_SHIFTS_NONE] = "", [EQK_SHIFTS_ALL] = ", translations", [EQK_SHIFTS_PIXELS] = "; exact for shifts by whole pixels, which wrap round the borders",
    [EQK_SHIFTS_INSIDE] = "; shifts are not exact: borders or strides disturb them",
  };
  const EqkSymmetry *symmetry = eqk_graph_get_symmetry (eqk_typed_graph (self));
  const EqkGuarantee guarantee = eqk_typed_guarantee (self);
  const EqkShifts    kind = eqk_typed_shifts (self);
  const bool         plane = kind == EQK_SHIFTS_PIXELS || kind == EQK_SHIFTS_INSIDE;
  Line               line = { text, size, 0 };

  text[0] = '\0';
  add (&line, eqk_group_get_id (symmetry->group));
  add (&line, plane ? "" : shifts[kind]);
  add (&line, symmetry->permutations != EQK_PERMUTE_NONE ? ", permutations of nodes" : "");
  if (guarantee.holds == EQK_HOLDS_LOST)
    {
      add (&line, ": broken in this design");
      return;
    }
  if (guarantee.holds == EQK_HOLDS_EXACT)
    add (&line, ": exact for all elements");
  else
    {
      add (&line, ": exact for ");
      add_elements (&line, symmetry->group, eqk_guarantee_full_mask (symmetry->group) & guarantee.exact);
      add (&line, ", approximate for the others");
    }
  add (&line, plane ? shifts[kind] : "");
}

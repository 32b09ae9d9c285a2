/* What a caller has to know beside the shapes: what to feed, in which order, what the answers are called, how far the symmetry holds. */

#include "emit/emit-private.h"

#include <string.h>

const char *
eqk_emitter_symmetry (EqkEmitter *self)
{
  char text[2048];

  eqk_typed_promise_text (eqk_program_typed (self->program), text, sizeof text);
  return eqk_emitter_text (self, "%s", text);
}

/* ---- classes and kinds ---- */

bool
eqk_emitter_has_classes (const EqkEmitter *self)
{
  for (int i = self->n_inputs; i < self->n_ports; i++)
    if (self->options->n_classes > 0 && eqk_program_value (self->program, self->ports[i].value)->width == self->options->n_classes)
      return true;
  return false;
}

bool
eqk_emitter_has_kinds (const EqkEmitter *self)
{
  for (int i = 0; i < self->n_inputs; i++)
    if (self->options->n_kinds > 0 && self->ports[i].type->kind == EQK_KIND_SPECIES)
      return true;
  return false;
}

/* "0 = H, 1 = C" */
static void
add_pairs (EqkText *out, const char *const *names, int n)
{
  for (int i = 0; i < n; i++)
    {
      eqk_text_add (out, "%s%d = ", i > 0 ? ", " : "", i);
      eqk_text_comment (out, names[i]);
    }
}

static void
declare_names (EqkEmitter *self, EqkText *out, const char *count, const char *array, int n, const char *doc)
{
  eqk_text_add (out, "\n/** %s */\n#define %s_%s %d\nextern const char *const %s_%s[%s_%s];\n", doc, self->macro_prefix, count, n, self->prefix, array,
                self->macro_prefix, count);
}

void
eqk_emitter_declare_names (EqkEmitter *self, EqkText *out)
{
  if (eqk_emitter_has_classes (self))
    declare_names (self, out, "N_CLASSES", "class_names", self->options->n_classes, "Names of the classes, in the order of the numbers of an answer.");
  if (eqk_emitter_has_kinds (self))
    declare_names (self, out, "N_KINDS", "kind_names", self->options->n_kinds, "Names of the kinds of nodes that the model was trained with: kind_names[k] is number k.");
}

static void
define_names (EqkEmitter *self, EqkText *out, const char *count, const char *array, const char *const *names, int n)
{
  eqk_text_add (out, "const char *const %s_%s[%s_%s] = {", self->prefix, array, self->macro_prefix, count);
  for (int i = 0; i < n; i++)
    {
      eqk_text_add (out, i > 0 ? ", \"" : " \"");
      eqk_text_escaped (out, names[i], false);
      eqk_text_add (out, "\"");
    }
  eqk_text_add (out, " };\n\n");
}

void
eqk_emitter_define_names (EqkEmitter *self, EqkText *out)
{
  if (eqk_emitter_has_classes (self))
    define_names (self, out, "N_CLASSES", "class_names", self->options->class_names, self->options->n_classes);
  if (eqk_emitter_has_kinds (self))
    define_names (self, out, "N_KINDS", "kind_names", self->options->kind_names, self->options->n_kinds);
}

/* ---- what to feed ---- */

static void
add_scale (EqkEmitter *self, EqkText *out, const EqkEmitPort *port)
{
  const double scale = self->options->byte_scale, divisor = scale > 0 ? 1 / scale : 0;

  if (!eqk_rep_is_trivial (port->type->rep))
    eqk_text_add (out, "components x to the right and y upwards, in the unit of %s", self->options->trained ? "the training data" : "the data");
  else if (!self->options->trained)
    eqk_text_add (out, "values as given, nominally 0 to 1 (the model was never trained, so no data set their scale)");
  else if (scale <= 0)
    eqk_text_add (out, "values as they stand in the training data, not scaled");
  else if (divisor - (int) (divisor + 0.5) < 1e-3 && (int) (divisor + 0.5) - divisor < 1e-3)
    eqk_text_add (out, "values 0 to %.6g: bytes divided by %d", 255 * scale, (int) (divisor + 0.5));
  else
    eqk_text_add (out, "bytes multiplied by %.9g", scale);
}

/* Irreps at an input or output of space: what order and sign their numbers have. */
static void
add_convention (EqkEmitter *self, EqkText *out, const char *lead)
{
  bool turns = false;

  for (int i = 0; i < self->n_ports; i++)
    turns = turns || (self->ports[i].type->kind != EQK_KIND_POSITION && !eqk_rep_is_trivial (self->ports[i].type->rep) &&
                      eqk_group_get_space_dim (eqk_rep_get_group (self->ports[i].type->rep)) == 3);
  if (turns)
    eqk_text_add (out, "%sIrreps: a vector is (x, y, z), the pole of higher degrees is y, no Condon-Shortley phase, copies one after the other.\n", lead);
}

/* One line an input that needs words. @param lead  what begins a line: " * " or "- " */
void
eqk_emitter_feed_notes (EqkEmitter *self, EqkText *out, const char *lead)
{
  for (int i = 0; i < self->n_inputs; i++)
    {
      const EqkEmitPort *port = &self->ports[i];
      const EqkValue    *v = eqk_program_value (self->program, port->value);

      if (v->space.kind == EQK_SPACE_GRID)
        {
          eqk_text_add (out, "%s%s: ", lead, port->name);
          add_scale (self, out, port);
          eqk_text_add (out, "; rows from top to bottom, columns from left to right%s.\n",
                        v->width == 1 ? ", one channel" : eqk_rep_is_trivial (port->type->rep) ? ", channels in the order of the data: red, green, blue for colours" : ", x before y");
        }
      else if (port->type->kind == EQK_KIND_SPECIES && eqk_emitter_has_kinds (self))
        {
          eqk_text_add (out, "%s%s: ", lead, port->name);
          add_pairs (out, self->options->kind_names, self->options->n_kinds);
          eqk_text_add (out, ".\n");
        }
      else if (port->type->kind == EQK_KIND_SPECIES)
        eqk_text_add (out, "%s%s: numbers of kinds from 0; what each stands for is settled by training data, and the model has seen none.\n", lead, port->name);
      else if (port->type->kind == EQK_KIND_CELL)
        eqk_text_add (out, "%s%s: the three rows of the lattice in %s; a row of zeros where the sample is not periodic.\n", lead, port->name,
                      self->options->length_unit != NULL ? self->options->length_unit : "the unit of the data");
      else if (port->type->kind == EQK_KIND_POSITION)
        eqk_text_add (out, "%s%s: x, y, z of each node in %s.\n", lead, port->name, self->options->length_unit != NULL ? self->options->length_unit : "the unit of the data");
    }
  for (int i = self->n_inputs; i < self->n_ports; i++)
    if (self->ports[i].type->kind == EQK_KIND_STRESS)
      eqk_text_add (out, "%s%s: (1/V) dE/d(strain), symmetric, tension positive, as s0 = (xx + yy + zz) / sqrt 3, s1 = sqrt 2 xz, s2 = sqrt 2 xy, "
                         "s3 = sqrt 1.5 (yy - (xx + yy + zz) / 3), s4 = sqrt 2 yz, s5 = (zz - xx) / sqrt 2; zeros where the sample has no volume.\n", lead, self->ports[i].name);
  for (int i = self->n_inputs; i < self->n_ports; i++)
    if (eqk_emitter_has_classes (self) && eqk_program_value (self->program, self->ports[i].value)->width == self->options->n_classes)
      {
        eqk_text_add (out, "%s%s: one number for each class, the largest wins: ", lead, self->ports[i].name);
        add_pairs (out, self->options->class_names, self->options->n_classes);
        eqk_text_add (out, ".\n");
      }
  add_convention (self, out, lead);
}

void
eqk_emitter_edge_notes (EqkEmitter *self, EqkText *out, const char *lead)
{
  const char *unit = self->options->length_unit != NULL ? self->options->length_unit : "the unit of the data";

  for (int i = 0; self->has_edges && i < eqk_program_n_structures (self->program); i++)
    {
      const EqkStructureRule *rule = eqk_program_structure (self->program, i);

      if (rule->given)
        eqk_text_add (out, "%sEdges come with the data: a link without direction is two edges, one each way.\n", lead);
      else if (rule->complete)
        eqk_text_add (out, "%sEdges: all ordered pairs of different nodes, that is each pair both ways.\n", lead);
      else if (rule->nearest > 0 && rule->cell >= 0)
        eqk_text_add (out, "%sEdges: from the %d nearest images of nodes, other than the node itself, to each node, and from those as near as the last of them. shift[e] = (k, l, m) names the image: "
                           "it stands at x[src] + k a + l b + m c, with a, b, c the rows of cell.\n", lead, rule->nearest);
      else if (rule->nearest > 0)
        eqk_text_add (out, "%sEdges: from the %d nodes that are nearest to each (all others where there are fewer) to it; of equally near ones those of lower number.\n", lead, rule->nearest);
      else if (rule->cell >= 0)
        eqk_text_add (out, "%sEdges: for any node dst and any image of a node src, other than dst itself, not farther apart than %.9g (%s). shift[e] = (k, l, m) names the image: "
                           "it stands at x[src] + k a + l b + m c, with a, b, c the rows of cell. One pair of nodes may have several edges.\n", lead, rule->cutoff, unit);
      else
        eqk_text_add (out, "%sEdges: for any two different nodes not farther apart than %.9g (%s), both src to dst and dst to src; no node with itself.\n", lead, rule->cutoff, unit);
      if (rule->most > 0)
        eqk_text_add (out, "%sOf the edges into a node only those from the %d nearest; of equally near ones those of lower (src%s).\n", lead, rule->most, rule->cell >= 0 ? ", shift" : "");
    }
}

/* ---- as JSON ---- */

static void
add_json_names (EqkText *out, const char *key, const char *const *names, int n)
{
  eqk_text_add (out, "  \"%s\": [", key);
  for (int i = 0; i < n; i++)
    {
      eqk_text_add (out, i > 0 ? ", \"" : "\"");
      eqk_text_escaped (out, names[i], true);
      eqk_text_add (out, "\"");
    }
  eqk_text_add (out, "],\n");
}

void
eqk_emitter_json_facts (EqkEmitter *self, EqkText *out)
{
  EqkText notes = { 0 };

  if (eqk_emitter_has_classes (self))
    add_json_names (out, "classes", self->options->class_names, self->options->n_classes);
  if (eqk_emitter_has_kinds (self))
    add_json_names (out, "kinds", self->options->kind_names, self->options->n_kinds);
  if (self->options->byte_scale > 0)
    eqk_text_add (out, "  \"byte_scale\": %.9g,\n", self->options->byte_scale);
  eqk_emitter_feed_notes (self, &notes, "");
  eqk_emitter_edge_notes (self, &notes, "");
  eqk_text_add (out, "  \"feed\": \"");
  eqk_text_escaped (out, notes.data != NULL ? notes.data : "", true);
  eqk_text_add (out, "\",\n");
  eqk_text_clear (&notes);
}

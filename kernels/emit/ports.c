/* Inputs and outputs of the exported model: names in C, counts, layouts. */

#include "emit/emit-private.h"

#include "ops/ragged.h"

#include <string.h>

/* Words that cannot be names of arguments: of C, of C++, of the functions around them. */
static const char *const taken[] = {
  "model", "arena", "weights", "place", "node_of", "edge_of", "src", "dst", "shift", "n_nodes", "n_edges", "e", "i", "NULL",
  "int", "float", "double", "char", "long", "short", "void", "auto", "bool", "break", "case", "catch", "class", "const", "default", "delete", "do",
  "else", "enum", "extern", "export", "for", "friend", "goto", "if", "inline", "namespace", "new", "not", "and", "or", "xor", "operator", "private",
  "public", "register", "restrict", "return", "signed", "sizeof", "static", "struct", "switch", "template", "this", "throw", "try", "typedef", "union",
  "unsigned", "using", "virtual", "volatile", "while", "true", "false", "log", "exp", "sin", "cos", "tan", "pow", "y0", "y1", "j0", "j1", "jn", "yn", "gamma",
};

static bool
is_taken (const EqkEmitter *self, const char *name)
{
  for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
    if (strcmp (taken[i], name) == 0)
      return true;
  for (int i = 0; i < self->n_ports; i++)
    if (strcmp (self->ports[i].name, name) == 0)
      return true;
  return false;
}

static void
add_port (EqkEmitter *self, const char *wish, int value, const EqkPortType *type, bool is_output, const char *node)
{
  const EqkValue *v = eqk_program_value (self->program, value);
  EqkEmitPort     port = { .value = value, .type = type, .index = v->index, .is_output = is_output, .is_turned = eqk_feed_is_turned (v), .node = node };
  const char     *base = eqk_emitter_identifier (self, wish, false);

  port.name = base;
  if (is_taken (self, base) && strlen (base) < 3)
    port.name = base = eqk_emitter_text (self, "%s_%s", is_output ? "out" : "in", base);
  for (int i = 2; is_taken (self, port.name); i++)
    port.name = eqk_emitter_text (self, "%s_%d", base, i);
  port.macro = eqk_emitter_identifier (self, port.name, true);
  self->ports[self->n_ports++] = port;
}

/* Operations say how many kinds they know; the least of them is the limit. */
static int
kinds_of (const EqkEmitter *self, int value)
{
  int kinds = 0;

  for (int i = 0; i < eqk_program_n_ops (self->program); i++)
    {
      const EqkOp *op = eqk_program_op (self->program, i);

      if (strcmp (op->id, "embed") == 0 && op->in[0] == value)
        {
          const int n = ((const EqkEmbedParams *) op->params)->n_species;

          kinds = kinds == 0 || n < kinds ? n : kinds;
        }
    }
  return kinds;
}

void
eqk_emitter_ports (EqkEmitter *self)
{
  const EqkProgram *p = self->program;
  const EqkGraph   *graph = eqk_typed_graph (eqk_program_typed (p));

  self->ports = eqk_emitter_alloc (self, (size_t) (self->rig->n_feeds + eqk_program_n_outputs (p)) * sizeof *self->ports);
  if (self->ports == NULL)
    return;
  for (int i = 0; i < self->rig->n_feeds; i++)
    {
      const EqkRigFeed *feed = &self->rig->feeds[i];
      const EqkValue   *v = eqk_program_value (p, feed->value);

      add_port (self, v->name, feed->value, &feed->type, false, v->node >= 0 ? eqk_graph_node_id (graph, v->node) : "");
      self->ports[i].n_kinds = v->index ? kinds_of (self, feed->value) : 0;
    }
  self->n_inputs = self->n_ports;
  for (int i = 0; i < eqk_program_n_outputs (p); i++)
    {
      const EqkProgramOutput *out = eqk_program_output (p, i);

      add_port (self, out->name, out->value, &out->type, true, out->node);
    }
  for (int i = 0; i < eqk_program_n_structures (p); i++)
    self->has_shifts |= eqk_program_structure (p, i)->cell >= 0;
  for (int v = 0; v < eqk_program_n_values (p); v++)
    {
      const EqkSpaceKind kind = eqk_program_value (p, v)->space.kind;

      self->has_edges |= kind == EQK_SPACE_EDGES;
      self->has_nodes |= kind == EQK_SPACE_NODES || kind == EQK_SPACE_EDGES || kind == EQK_SPACE_PAIRS;
    }
}

const char *
eqk_emitter_port_count (EqkEmitter *self, const EqkEmitPort *port, bool maximum)
{
  const EqkValue *v = eqk_program_value (self->program, port->value);
  const char     *m = self->macro_prefix;

  if (!maximum && (v->space.kind == EQK_SPACE_NODES || v->space.kind == EQK_SPACE_EDGES || v->space.kind == EQK_SPACE_PAIRS))
    return eqk_emitter_text (self, "%s * %d", eqk_emit_rows (self, port->value), v->width);
  switch (v->space.kind)
    {
    case EQK_SPACE_NODES:
      return eqk_emitter_text (self, "(%s_MAX_NODES * %d)", m, v->width);
    case EQK_SPACE_EDGES:
      return eqk_emitter_text (self, "(%s_MAX_EDGES * %d)", m, v->width);
    case EQK_SPACE_PAIRS:
      return eqk_emitter_text (self, "(%s_MAX_NODES * %s_MAX_NODES * %d)", m, m, v->width);
    case EQK_SPACE_GRID:
      return eqk_emitter_text (self, "%d", v->space.h * v->space.w * v->width);
    default:
      return eqk_emitter_text (self, "%d", v->width);
    }
}

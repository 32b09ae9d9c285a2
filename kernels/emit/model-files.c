/* The texts of model.h, model.c and model_weights.c. */

#include "emit/emit-private.h"

#include <string.h>

static const char licence[] =
  " * Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated\n"
  " * documentation files (the \"Software\"), to deal in the Software without restriction, including without limitation the\n"
  " * rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit\n"
  " * persons to whom the Software is furnished to do so.\n"
  " *\n"
  " * THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE\n"
  " * WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR\n"
  " * COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR\n"
  " * OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.\n";

void
eqk_emitter_banner (EqkEmitter *self, EqkText *out, const char *file)
{
  eqk_text_add (out, "/*\n * %s: ", file);
  eqk_text_comment (out, self->options->name);
  eqk_text_add (out, "\n *\n * Written by Equistudio. Design %s.\n", self->options->design_hash);
  if (self->options->provenance != NULL && self->options->provenance[0] != '\0')
    {
      eqk_text_add (out, " * ");
      eqk_text_comment (out, self->options->provenance);
      eqk_text_add (out, "\n");
    }
  eqk_text_add (out, " *\n * SPDX-License-Identifier: MIT-0\n *\n%s */\n", licence);
}

/* ---- model.h ---- */

static void
add_layout (EqkEmitter *self, EqkText *out, const EqkEmitPort *port)
{
  const EqkValue *v = eqk_program_value (self->program, port->value);
  const char     *rep = eqk_rep_get_text (port->type->rep);

  switch (v->space.kind)
    {
    case EQK_SPACE_GRID:
      eqk_text_add (out, "[%d][%d][%d] = [channel][row][column]", v->width, v->space.h, v->space.w);
      break;
    case EQK_SPACE_NODES:
      eqk_text_add (out, v->width == 1 ? "[n_nodes]" : "[n_nodes][%d]", v->width);
      break;
    case EQK_SPACE_EDGES:
      eqk_text_add (out, v->width == 1 ? "[n_edges]" : "[n_edges][%d]", v->width);
      break;
    case EQK_SPACE_PAIRS:
      eqk_text_add (out, "[n_nodes][n_nodes][%d]", v->width);
      break;
    default:
      eqk_text_add (out, "[%d]", v->width);
      break;
    }
  if (v->space.structure > 0 && v->space.kind != EQK_SPACE_SAMPLE)
    eqk_text_add (out, ", of which only rows of kept nodes are written, from the first on, in their order");
  if (!port->index && rep[0] != '\0')
    {
      eqk_text_add (out, ", ");
      eqk_text_comment (out, rep);
    }
  if (port->n_kinds > 0)
    eqk_text_add (out, ", 0 to %d", port->n_kinds - 1);
  if (port->type->kind == EQK_KIND_ENERGY)
    eqk_text_add (out, ", in eV");
  else if (port->type->kind == EQK_KIND_FORCE)
    eqk_text_add (out, ", in eV/A, the negative gradient of the energy");
  else if (port->type->kind == EQK_KIND_STRESS)
    eqk_text_add (out, ", in eV/A^3");
}

static void
add_arguments (EqkEmitter *self, EqkText *out)
{
  eqk_text_add (out, "(%s *model", self->prefix);
  if (self->has_nodes)
    eqk_text_add (out, ", int32_t n_nodes");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, ", const %s *%s", self->ports[i].index ? "int32_t" : "float", self->ports[i].name);
  if (self->has_edges)
    eqk_text_add (out, ", int32_t n_edges, const int32_t *src, const int32_t *dst%s", self->has_shifts ? ", const int32_t *shift" : "");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, ", float *%s", self->ports[i].name);
  eqk_text_add (out, ")");
}

static void
add_rule (EqkText *out, const char *m, const EqkStructureRule *rule)
{
  if (rule->nearest > 0)
    eqk_text_add (out, "/** Each node has edges from so many nearest %s. */\n#define %s_NEAREST %d\n", rule->cell >= 0 ? "images of nodes, and those as near as the last" : "ones", m, rule->nearest);
  else
    eqk_text_add (out, "/** Edges are all ordered pairs of different nodes%s not farther apart than this, in the unit of positions; 0: all pairs. */\n#define %s_CUTOFF %.9g\n",
                  rule->cell >= 0 ? " and images of nodes" : "", m, rule->complete ? 0.0 : rule->cutoff);
  if (rule->most > 0)
    eqk_text_add (out, "/** Of these edges each node keeps those from so many nearest; of equally near ones those of lower (src%s). */\n#define %s_MAX_NEIGHBOURS %d\n", rule->cell >= 0 ? ", shift" : "",
                  m, rule->most);
}

static void
add_limits (EqkEmitter *self, EqkText *out)
{
  const char *m = self->macro_prefix;

  eqk_text_add (out, "\n/** Version of this interface, and what the model was made from. */\n#define %s_FORMAT 1\n#define %s_NAME \"", m, m);
  eqk_text_escaped (out, self->options->name, false);
  eqk_text_add (out, "\"\n#define %s_DESIGN_HASH \"%s\"\n", m, self->options->design_hash);
  eqk_text_add (out, "\n/** Working memory that the caller gives to %s_init, in bytes, and its alignment. */\n", self->prefix);
  eqk_text_add (out, "#define %s_ARENA_BYTES %zu\n#define %s_ALIGNMENT 64\n", m, eqk_emitter_arena_bytes (self), m);
  if (self->options->compact)
    eqk_text_add (out, "/** Memory for the weights, which are expanded by %s_init. */\n#define %s_WEIGHTS_BYTES %zu\n", self->prefix, m,
                  self->expanded_bytes > 0 ? self->expanded_bytes : 64);
  eqk_text_add (out, "/** Constant data in model_weights.c, in bytes. */\n#define %s_TABLE_BYTES %zu\n", m, eqk_emitter_table_bytes (self));
  if (self->has_nodes)
    eqk_text_add (out, "/** Largest sizes of one call. */\n#define %s_MAX_NODES %d\n", m, self->options->max_nodes);
  if (self->has_edges)
    eqk_text_add (out, "#define %s_MAX_EDGES %d\n", m, self->options->max_edges);
  if (eqk_program_n_structures (self->program) > 0 && !eqk_program_structure (self->program, 0)->given)
    add_rule (out, m, eqk_program_structure (self->program, 0));
  eqk_text_add (out, "/** Numbers in each input and output. */\n");
  for (int i = 0; i < self->n_ports; i++)
    eqk_text_add (out, "#define %s_%s_COUNT %s\n", m, self->ports[i].macro, eqk_emitter_port_count (self, &self->ports[i], true));
  eqk_emitter_declare_names (self, out);
}

static void
add_status (EqkEmitter *self, EqkText *out)
{
  const char *m = self->macro_prefix;

  eqk_text_add (out, "\n/** What calls return. */\ntypedef enum\n{\n  %s_OK = 0,\n  %s_ERROR_NULL = 1,       /**< a pointer is NULL */\n", m, m);
  eqk_text_add (out, "  %s_ERROR_MEMORY = 2,     /**< memory too small or not aligned */\n  %s_ERROR_NOT_READY = 3,  /**< %s_init has not succeeded */\n", m, m, self->prefix);
  eqk_text_add (out, "  %s_ERROR_SIZE = 4,       /**< too many nodes or edges, or fewer than none */\n", m);
  eqk_text_add (out, "  %s_ERROR_INDEX = 5,      /**< an edge or a kind of node out of range, or edges not sorted by dst */\n", m);
  eqk_text_add (out, "  %s_ERROR_MISMATCH = 6    /**< model.c is of another design or interface than the caller */\n} %s_status;\n", m, self->prefix);
}

void
eqk_emitter_header (EqkEmitter *self, EqkText *out)
{
  const char *p = self->prefix, *m = self->macro_prefix;

  eqk_emitter_banner (self, out, "model.h");
  eqk_text_add (out, "#ifndef %s_H\n#define %s_H\n\n#include <stddef.h>\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n", m, m);
  add_limits (self, out);
  add_status (self, out);
  eqk_text_add (out, "\n/** A model ready to run: owned by the caller, no pointer into anything but the memory given. Fields are private. */\n"
                     "typedef struct\n{\n  float   *arena;\n  float   *weights;\n  uint32_t state;\n} %s;\n", p);
  eqk_text_add (out, "\n/** Facts about the model. Texts live as long as the program. */\ntypedef struct\n{\n  int         format;\n  const char *name;\n"
                     "  const char *design_hash;\n  const char *symmetry;\n  size_t      arena_bytes, weights_bytes, table_bytes;\n  size_t      n_parameters;\n"
                     "  int         n_inputs, n_outputs;\n} %s_info;\n\n", p);
  eqk_text_add (out, "/** Memory for this model: `static %s_MEMORY (arena, %s_ARENA_BYTES);` defines an aligned array of bytes. */\n", m, m);
  eqk_text_add (out, "#ifdef __cplusplus\n#define %s_MEMORY(name, bytes) unsigned char name alignas (%s_ALIGNMENT) [bytes]\n#else\n#define %s_MEMORY(name, bytes) _Alignas (%s_ALIGNMENT) unsigned char name[bytes]\n#endif\n\n", m, m, m, m);
  eqk_text_add (out, "/**\n * Prepares a model.\n *\n * @param arena  %s_ARENA_BYTES bytes, aligned to %s_ALIGNMENT; used by every run, holds nothing between runs\n", m, m);
  if (self->options->compact)
    eqk_text_add (out, " * @param weights  %s_WEIGHTS_BYTES bytes, aligned alike; written here, read by every run. Models may share it\n", m);
  eqk_text_add (out, " */\n%s_status %s_init (%s *model, void *arena, size_t arena_bytes%s);\n\n", p, p, p,
                self->options->compact ? ", void *weights, size_t weights_bytes" : "");
  eqk_text_add (out, "/** Says whether model.c was made from the design and interface of this header: pass %s_DESIGN_HASH, %s_FORMAT. */\n", m, m);
  eqk_text_add (out, "%s_status %s_check (const char *design_hash, int format);\n\n/**\n * Runs the model on one sample.\n *\n", p, p);
  eqk_emitter_feed_notes (self, out, " * ");
  eqk_emitter_edge_notes (self, out, " * ");
  eqk_text_add (out, " *\n");
  if (self->has_nodes)
    eqk_text_add (out, " * @param n_nodes  0 to %s_MAX_NODES\n", m);
  for (int i = 0; i < self->n_ports; i++)
    {
      if (i == self->n_inputs && self->has_edges)
        eqk_text_add (out, " * @param n_edges  0 to %s_MAX_EDGES\n * @param src, dst  [n_edges] an edge leads from src to dst; sorted by dst, then src\n%s", m,
                       self->has_shifts ? " * @param shift  [n_edges][3] which image of src an edge comes from\n" : "");
      eqk_text_add (out, " * @param %s  %s", self->ports[i].name, self->ports[i].is_output ? "(out) " : "");
      add_layout (self, out, &self->ports[i]);
      eqk_text_add (out, "\n");
    }
  eqk_text_add (out, " */\n%s_status %s_run ", p, p);
  add_arguments (self, out);
  eqk_text_add (out, ";\n");
  eqk_emitter_declare_neighbours (self, out);
  eqk_text_add (out, "\n/** Facts about the model. */\nconst %s_info *%s_get_info (void);\n/** A short English text for a status. */\n"
                     "const char *%s_status_text (%s_status status);\n/** Checksum of all constant data; the self-test knows what it should be. */\n"
                     "uint32_t %s_checksum (void);\n\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n", p, p, p, p, p);
}

/* ---- model_weights.c ---- */

static void
add_table_macro (EqkEmitter *self, EqkText *out)
{
  const char *m = self->macro_prefix;

  eqk_text_add (out, "/* Define this to put the tables into a section of their own. */\n#ifndef %s_TABLE_ATTRIBUTE\n#define %s_TABLE_ATTRIBUTE\n#endif\n", m, m);
  eqk_text_add (out, "#ifdef __cplusplus\n#define %s_TABLE(type, name, n) const type name alignas (64) [n] %s_TABLE_ATTRIBUTE\n"
                     "#else\n#define %s_TABLE(type, name, n) const _Alignas (64) type name[n] %s_TABLE_ATTRIBUTE\n#endif\n\n", m, m, m, m);
  eqk_text_add (out, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
  eqk_text_join (out, &self->declarations);
  eqk_text_add (out, "#ifdef __cplusplus\n}\n#endif\n\n");
}

void
eqk_emitter_weights (EqkEmitter *self, EqkText *out)
{
  eqk_emitter_banner (self, out, "model_weights.c");
  eqk_text_add (out, "#include \"model.h\"\n\n");
  add_table_macro (self, out);
  eqk_text_join (out, &self->definitions);
}

/* ---- model.c ---- */

/* Copies between the caller's layout and the kernels', where channels are innermost. */
static void
emit_turning (EqkEmitter *self)
{
  if (eqk_emit_begin (self, "channels_last"))
    {
      eqk_emit (self, "static void\nchannels_last (const float *x, float *y, size_t pixels, size_t channels)\n{\n  for (size_t i = 0; i < pixels; i++)\n"
                      "    for (size_t c = 0; c < channels; c++)\n      y[i * channels + c] = x[c * pixels + i];\n}\n\n");
      eqk_emit_end (self);
    }
}

static void
emit_unturning (EqkEmitter *self)
{
  if (eqk_emit_begin (self, "channels_first"))
    {
      eqk_emit (self, "static void\nchannels_first (const float *x, float *y, size_t pixels, size_t channels)\n{\n  for (size_t c = 0; c < channels; c++)\n"
                      "    for (size_t i = 0; i < pixels; i++)\n      y[c * pixels + i] = x[i * channels + c];\n}\n\n");
      eqk_emit_end (self);
    }
}

static const char stress_of[] =
  "/* (1/V) of the derivative by a strain of positions x and cell h, from the gradients gx and gh; see model.h for the order. */\n"
  "static void\nstress_of (const float *x, const float *gx, const float *h, const float *gh, float *s, size_t n_nodes)\n{\n"
  "  double m[9] = { 0.0 }, volume = 0.0, trace;\n\n"
  "  for (size_t i = 0; i < n_nodes; i++)\n    for (size_t k = 0; k < 9; k++)\n      m[k] += (double) gx[3 * i + k / 3] * (double) x[3 * i + k % 3];\n"
  "  for (size_t i = 0; i < 3; i++)\n    for (size_t k = 0; k < 9; k++)\n      m[k] += (double) gh[3 * i + k / 3] * (double) h[3 * i + k % 3];\n"
  "  for (size_t k = 0; k < 3; k++)\n    volume += (double) h[k] * ((double) h[3 + (k + 1) % 3] * (double) h[6 + (k + 2) % 3] - (double) h[3 + (k + 2) % 3] * (double) h[6 + (k + 1) % 3]);\n"
  "  volume = fabs (volume);\n  for (size_t k = 0; k < 9; k++)\n    m[k] = volume > 0.0 ? m[k] / volume : 0.0;\n"
  "  trace = m[0] + m[4] + m[8];\n"
  "  s[0] = (float) (trace / sqrt (3.0));\n  s[1] = (float) (sqrt (0.5) * (m[2] + m[6]));\n  s[2] = (float) (sqrt (0.5) * (m[1] + m[3]));\n"
  "  s[3] = (float) (sqrt (1.5) * (m[4] - trace / 3.0));\n  s[4] = (float) (sqrt (0.5) * (m[5] + m[7]));\n  s[5] = (float) (sqrt (0.5) * (m[8] - m[0]));\n}\n\n";

static void
emit_stress (EqkEmitter *self, EqkText *out, const EqkEmitPort *port, const EqkGradientRule *rule)
{
  const char *gradient = eqk_emitter_lane (self, rule->cell);

  if (gradient == NULL)
    {
      eqk_emitter_fail (self, EQK_ERR_GRAPH, "the energy does not depend on the cell");
      return;
    }
  if (eqk_emit_begin (self, "stress_of"))
    {
      eqk_emit (self, "%s", stress_of);
      eqk_emit_end (self);
    }
  eqk_text_add (out, "  stress_of (%s, %s, ", eqk_emit_value (self, rule->positions), eqk_emitter_lane (self, rule->positions));
  eqk_text_add (out, "%s, %s, %s, (size_t) n_nodes);\n", eqk_emit_value (self, rule->cell), gradient, port->name);
}

static void
emit_output (EqkEmitter *self, EqkText *out, const EqkEmitPort *port)
{
  const EqkValue        *v = eqk_program_value (self->program, port->value);
  const EqkGradientRule *rule = eqk_program_gradient (self->program);

  if (rule != NULL && port->value == rule->result)
    {
      if (eqk_emit_begin (self, "copy_negative"))
        {
          eqk_emit (self, "static void\ncopy_negative (const float *x, float *y, size_t n)\n{\n  for (size_t i = 0; i < n; i++)\n    y[i] = -x[i];\n}\n\n");
          eqk_emit_end (self);
        }
      eqk_text_add (out, "  copy_negative (%s, %s, %s);\n", eqk_emitter_lane (self, rule->positions), port->name, eqk_emitter_port_count (self, port, false));
      return;
    }
  if (rule != NULL && port->value == rule->stress)
    {
      emit_stress (self, out, port, rule);
      return;
    }
  if (port->is_turned)
    {
      emit_unturning (self);
      eqk_text_add (out, "  channels_first (%s, %s, %d, %d);\n", eqk_emit_value (self, port->value), port->name, v->space.h * v->space.w, v->width);
      return;
    }
  eqk_text_add (out, "  memcpy (%s, %s, (%s) * sizeof *%s);\n", port->name, eqk_emit_value (self, port->value), eqk_emitter_port_count (self, port, false), port->name);
}

static void
add_checks (EqkEmitter *self, EqkText *out)
{
  const char *m = self->macro_prefix;

  eqk_text_add (out, "  if (model == NULL");
  for (int i = 0; i < self->n_ports; i++)
    eqk_text_add (out, " || %s == NULL", self->ports[i].name);
  if (self->has_edges)
    eqk_text_add (out, " || src == NULL || dst == NULL%s", self->has_shifts ? " || shift == NULL" : "");
  eqk_text_add (out, ")\n    return %s_ERROR_NULL;\n  if (model->state != READY)\n    return %s_ERROR_NOT_READY;\n", m, m);
  if (self->has_nodes)
    eqk_text_add (out, "  if (n_nodes < 0 || n_nodes > %s_MAX_NODES)\n    return %s_ERROR_SIZE;\n", m, m);
  if (self->has_edges)
    eqk_text_add (out, "  if (n_edges < 0 || n_edges > %s_MAX_EDGES)\n    return %s_ERROR_SIZE;\n"
                       "  for (int32_t e = 0; e < n_edges; e++)\n    if (src[e] < 0 || src[e] >= n_nodes || dst[e] < 0 || dst[e] >= n_nodes || (e > 0 && dst[e] < dst[e - 1]))\n"
                       "      return %s_ERROR_INDEX;\n", m, m, m);
  for (int i = 0; i < self->n_inputs; i++)
    if (self->ports[i].n_kinds > 0)
      eqk_text_add (out, "  for (int32_t i = 0; i < n_nodes; i++)\n    if (%s[i] < 0 || %s[i] >= %d)\n      return %s_ERROR_INDEX;\n", self->ports[i].name,
                    self->ports[i].name, self->ports[i].n_kinds, m);
}

static void
add_run (EqkEmitter *self, EqkText *out)
{
  EqkText copies = { 0 };

  eqk_text_add (out, "%s_status\n%s_run ", self->prefix, self->prefix);
  add_arguments (self, out);
  eqk_text_add (out, "\n{\n  float       *arena;\n  const float *weights;\n\n");
  add_checks (self, out);
  eqk_text_add (out, "  arena = model->arena;\n  weights = model->weights;\n  (void) arena;\n  (void) weights;\n");
  for (int i = 0; i < self->n_inputs; i++)
    if (!self->ports[i].is_turned)
      eqk_text_add (out, "  (void) %s;\n", self->ports[i].name);
    else
      {
        const EqkValue *v = eqk_program_value (self->program, self->ports[i].value);

        eqk_text_add (out, "  channels_last (%s, %s, %d, %d);\n", self->ports[i].name, eqk_emit_value (self, self->ports[i].value),
                      v->space.h * v->space.w, v->width);
      }
  eqk_text_add (out, "\n");
  eqk_text_join (out, &self->body[EQK_EMIT_FORWARD]);
  if (self->body[EQK_EMIT_REVERSE].length > 0)
    eqk_text_add (out, "\n  /* the gradient of the energy */\n");
  eqk_text_join (out, &self->body[EQK_EMIT_REVERSE]);
  for (int i = self->n_inputs; i < self->n_ports; i++)
    emit_output (self, &copies, &self->ports[i]);
  eqk_text_add (out, "\n");
  eqk_text_join (out, &copies);
  eqk_text_clear (&copies);
  eqk_text_add (out, "  return %s_OK;\n}\n", self->macro_prefix);
}

static void
add_init (EqkEmitter *self, EqkText *out)
{
  const char *p = self->prefix, *m = self->macro_prefix;
  const bool  compact = self->options->compact;

  eqk_text_add (out, "%s_status\n%s_init (%s *model, void *arena, size_t arena_bytes%s)\n{\n", p, p, p, compact ? ", void *weights, size_t weights_bytes" : "");
  eqk_text_add (out, "  if (model == NULL)\n    return %s_ERROR_NULL;\n  model->state = 0;\n  if (arena == NULL%s)\n    return %s_ERROR_NULL;\n", m, compact ? " || weights == NULL" : "", m);
  eqk_text_add (out, "  if (arena_bytes < %s_ARENA_BYTES || (uintptr_t) arena %% %s_ALIGNMENT != 0)\n    return %s_ERROR_MEMORY;\n", m, m, m);
  if (compact)
    eqk_text_add (out, "  if (weights_bytes < %s_WEIGHTS_BYTES || (uintptr_t) weights %% %s_ALIGNMENT != 0)\n    return %s_ERROR_MEMORY;\n", m, m, m);
  eqk_text_add (out, "  model->arena = (float *) arena;\n");
  if (compact && self->body[EQK_EMIT_INIT].length > 0)
    eqk_text_add (out, "  model->weights = (float *) weights;\n  expand_weights (model->weights);\n");
  else
    eqk_text_add (out, "  model->weights = NULL;\n");
  eqk_text_add (out, "  model->state = READY;\n  return %s_OK;\n}\n\n", m);
}

static void
add_facts (EqkEmitter *self, EqkText *out)
{
  const char *p = self->prefix, *m = self->macro_prefix;
  const char *texts[][2] = { { "OK", "no error" }, { "ERROR_NULL", "a pointer is NULL" }, { "ERROR_MEMORY", "memory too small or not aligned" },
                             { "ERROR_NOT_READY", "the model is not initialised" }, { "ERROR_SIZE", "too many nodes or edges" },
                             { "ERROR_INDEX", "an index out of range, or edges not sorted" }, { "ERROR_MISMATCH", "another design or interface" } };

  eqk_text_add (out, "const %s_info *\n%s_get_info (void)\n{\n  static const %s_info info = {\n    %s_FORMAT, %s_NAME, %s_DESIGN_HASH, \"", p, p, p, m, m, m);
  eqk_text_escaped (out, eqk_emitter_symmetry (self), false);
  eqk_text_add (out, "\",\n    %s_ARENA_BYTES, %s, %s_TABLE_BYTES, %zu, %d, %d\n  };\n\n  return &info;\n}\n\n", m,
                self->options->compact ? eqk_emitter_text (self, "%s_WEIGHTS_BYTES", m) : "0", m, eqk_program_n_weights (self->program), self->n_inputs,
                self->n_ports - self->n_inputs);
  eqk_text_add (out, "%s_status\n%s_check (const char *design_hash, int format)\n{\n  if (design_hash == NULL)\n    return %s_ERROR_NULL;\n", p, p, m);
  eqk_text_add (out, "  return format == %s_FORMAT && strcmp (design_hash, %s_DESIGN_HASH) == 0 ? %s_OK : %s_ERROR_MISMATCH;\n}\n\n", m, m, m, m);
  eqk_text_add (out, "const char *\n%s_status_text (%s_status status)\n{\n  switch (status)\n    {\n", p, p);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    eqk_text_add (out, "    case %s_%s:\n      return \"%s\";\n", m, texts[i][0], texts[i][1]);
  eqk_text_add (out, "    default:\n      return \"unknown status\";\n    }\n}\n\n");
}

static void
add_checksum (EqkEmitter *self, EqkText *out)
{
  if (self->n_tables > 0)
    eqk_text_add (out, "/* FNV-1a over 32-bit words: the same on machines of either byte order. */\nstatic uint32_t\nhash_words (uint32_t hash, const void *table, size_t n)\n{\n"
                       "  const unsigned char *bytes = (const unsigned char *) table;\n\n  for (size_t i = 0; i < n; i++)\n    {\n      uint32_t word;\n\n"
                       "      memcpy (&word, bytes + 4 * i, 4);\n      hash = (hash ^ word) * 16777619u;\n    }\n  return hash;\n}\n\n");
  eqk_text_add (out, "uint32_t\n%s_checksum (void)\n{\n  uint32_t hash = 2166136261u;\n\n", self->prefix);
  for (int i = 0; i < self->n_tables; i++)
    eqk_text_add (out, "  hash = hash_words (hash, %s, %zu);\n", self->tables[i].name, self->tables[i].n);
  eqk_text_add (out, "  return hash;\n}\n\n");
}

void
eqk_emitter_source (EqkEmitter *self, EqkText *out)
{
  EqkText run = { 0 };

  self->pass = EQK_EMIT_FORWARD;
  for (int i = 0; i < self->n_inputs; i++)
    if (self->ports[i].is_turned)
      emit_turning (self);
  add_run (self, &run);

  eqk_emitter_banner (self, out, "model.c");
  eqk_text_add (out, "#include \"model.h\"\n\n#include <math.h>\n#include <string.h>\n\n");
  add_table_macro (self, out);
  eqk_text_add (out, "#ifdef __cplusplus\nstatic_assert (sizeof (float) == 4 && sizeof (int32_t) == 4, \"float is IEEE 754 single precision\");\n#else\n"
                     "_Static_assert (sizeof (float) == 4 && sizeof (int32_t) == 4, \"float is IEEE 754 single precision\");\n#endif\n\n"
                     "#define READY 0x%08xu   /* what model->state is after init */\n\n", (unsigned) (eqk_emitter_checksum (self) | 1u));
  eqk_text_join (out, &self->functions);
  if (self->options->compact && self->body[EQK_EMIT_INIT].length > 0)
    {
      eqk_text_add (out, "static void\nexpand_weights (float *weights)\n{\n");
      eqk_text_join (out, &self->body[EQK_EMIT_INIT]);
      eqk_text_add (out, "}\n\n");
    }
  eqk_emitter_define_names (self, out);
  add_init (self, out);
  add_facts (self, out);
  add_checksum (self, out);
  eqk_text_join (out, &run);
  eqk_emitter_define_neighbours (self, out);
  eqk_text_clear (&run);
}

/* The files around the sources: two build descriptions, what people read, what programs read. */

#include "emit/emit-private.h"

static const char licence_note[] = "SPDX-License-Identifier: MIT-0";

void
eqk_emitter_cmake (EqkEmitter *self, EqkText *out)
{
  const char *p = self->prefix;

  eqk_text_add (out, "# %s\ncmake_minimum_required (VERSION 3.10)\nproject (%s C)\n\nset (CMAKE_C_STANDARD 11)\nset (CMAKE_C_EXTENSIONS OFF)\n"
                     "if (NOT CMAKE_BUILD_TYPE)\n  set (CMAKE_BUILD_TYPE Release)\nendif ()\n\n", licence_note, p);
  eqk_text_add (out, "add_library (%s STATIC model.c model_weights.c)\ntarget_include_directories (%s PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})\n"
                     "if (UNIX)\n  target_link_libraries (%s PUBLIC m)\nendif ()\n\n", p, p, p);
  eqk_text_add (out, "add_executable (%s_example example.c)\ntarget_link_libraries (%s_example %s)\n", p, p, p);
  eqk_text_add (out, "add_executable (%s_selftest selftest.c)\ntarget_link_libraries (%s_selftest %s)\n\nenable_testing ()\nadd_test (NAME selftest COMMAND %s_selftest)\n", p, p, p, p);
}

void
eqk_emitter_meson (EqkEmitter *self, EqkText *out)
{
  const char *p = self->prefix;

  eqk_text_add (out, "# %s\nproject ('%s', 'c', default_options: ['c_std=c11', 'buildtype=release', 'warning_level=3'])\n\n"
                     "m_dep = meson.get_compiler ('c').find_library ('m', required: false)\n"
                     "model = static_library ('%s', 'model.c', 'model_weights.c', dependencies: m_dep)\n"
                     "model_dep = declare_dependency (link_with: model, include_directories: include_directories ('.'), dependencies: m_dep)\n\n"
                     "executable ('example', 'example.c', dependencies: model_dep)\n"
                     "test ('selftest', executable ('selftest', 'selftest.c', dependencies: model_dep))\n", licence_note, p, p);
}

static bool
given_edges (const EqkEmitter *self)
{
  return eqk_program_n_structures (self->program) > 0 && eqk_program_structure (self->program, 0)->given;
}


void
eqk_emitter_readme (EqkEmitter *self, EqkText *out)
{
  const char *p = self->prefix, *m = self->macro_prefix;

  eqk_text_add (out, "# ");
  eqk_text_comment (out, self->options->name);
  eqk_text_add (out, "\n\nA neural network as plain C11 (also C++11 and later), written by Equistudio. It needs a C compiler and libm, nothing else.\n\n");
  eqk_text_add (out, "| | |\n|---|---|\n| design | `%s` |\n| symmetry | %s |\n| parameters | %zu |\n| working memory | %zu bytes (`%s_ARENA_BYTES`) |\n| constant data | %zu bytes |\n",
                self->options->design_hash, eqk_emitter_symmetry (self), eqk_program_n_weights (self->program), eqk_emitter_arena_bytes (self), m, eqk_emitter_table_bytes (self));
  if (self->options->compact)
    eqk_text_add (out, "| expanded weights | %zu bytes (`%s_WEIGHTS_BYTES`), filled by `%s_init` |\n", self->expanded_bytes > 0 ? self->expanded_bytes : 64, m, p);
  if (self->options->provenance != NULL && self->options->provenance[0] != '\0')
    eqk_text_add (out, "\n%s\n", self->options->provenance);
  eqk_text_add (out, "\n## Build\n\n```\ncmake -B build && cmake --build build && ctest --test-dir build\nmeson setup build && meson test -C build\n"
                     "cc -std=c11 -O3 selftest.c model.c model_weights.c -lm -o selftest && ./selftest\n```\n\n"
                     "`selftest` compares 16 runs with outputs of the studio (double precision, direct kernels; 1e-5 of the largest output%s), checks a checksum of\n"
                     "the weights and %s. It returns 0 when all is well.\n", self->single_error != NULL ? "; thirty-two times what single precision costs the studio itself where an input hardly determines the answer, as of arrows that nearly cancel" : "", self->n_elements > 0 ? "the symmetry itself on group elements" : "nothing else: the design promises no symmetry that can be checked exactly");
  eqk_text_add (out, "\n## Use\n\n`example.c` is a whole program. In short:\n\n```c\nstatic %s_MEMORY (arena, %s_ARENA_BYTES);\n", m, m);
  if (self->options->compact)
    eqk_text_add (out, "static %s_MEMORY (weights, %s_WEIGHTS_BYTES);\n", m, m);
  eqk_text_add (out, "%s model;\n\n%s_init (&model, arena, sizeof arena%s);\n%s_run (&model", p, p, self->options->compact ? ", weights, sizeof weights" : "", p);
  if (self->has_nodes)
    eqk_text_add (out, ", n_nodes");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, ", %s", self->ports[i].name);
  if (self->has_edges)
    eqk_text_add (out, ", n_edges, src, dst%s", self->has_shifts ? ", shift" : "");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, ", %s", self->ports[i].name);
  eqk_text_add (out, ");\n```\n\n`model.h` documents every argument. Pictures are `[channel][row][column]`; rows of nodes and edges hold their channels together.\n");
  if (self->has_edges)
    eqk_text_add (out, "The caller supplies the %s: directed edges%s, sorted by `dst`, then `src`.\n", given_edges (self) ? "edges" : "neighbour list",
                  given_edges (self) ? "" : ", both ways");
  eqk_text_add (out, "\nFrom other languages: `example.cc` is the same program in C++, `model.f90` a module that binds `model.h` for Fortran 2008, `example.f90` the same program there.\n\n"
                     "```\ncc -std=c11 -O3 -c model.c model_weights.c\nc++ -std=c++11 -O3 example.cc model.o model_weights.o -lm -o example\n"
                     "gfortran -O3 model.f90 example.f90 model.o model_weights.o -lm -o example\n```\n");
  eqk_text_add (out, "\n## What to feed and how to read it\n\n");
  eqk_emitter_feed_notes (self, out, "- ");
  eqk_emitter_edge_notes (self, out, "- ");
  eqk_text_add (out, "\n## What to expect\n\n"
                     "- No allocation, no file or console access, no recursion, no variable-length arrays, no global that changes. All memory is the caller's.\n"
                     "- Loops are bounded by constants or by the numbers of nodes and edges, which are checked against compiled-in limits.\n"
                     "- Any number of threads may run models with different arenas%s.\n", self->options->compact ? "; they may share the expanded weights" : "");
  eqk_text_add (out, "- Sums are never reordered: one compiler with one set of options gives the same bits every time. `-ffast-math` voids that and the self-test's\n"
                     "  tolerance. Contraction to fused multiply-adds (`-march=native`) changes the last bits.\n"
                     "- Inputs that are not finite are not noticed: a rectifier or a largest value can make finite outputs of them. Check what you feed.\n"
                     "- Memory must be aligned to %s_ALIGNMENT; calls return a status, 0 for success.\n\n", m);
  eqk_text_add (out, "## Deviations from MISRA C:2012 that a checker will report\n\n"
                     "Pointer arithmetic on the arena (18.4), conversions from `void *` (11.5), more than one return in a function (15.5), `float` and `double`\n"
                     "as plain types (D4.6), static functions with several parameters of one type. No claim of compliance is made.\n\n## Licence\n\nMIT-0: use it as you like, no attribution needed.\n");
}

static void
add_json_text (EqkText *out, const char *key, const char *text, const char *end)
{
  eqk_text_add (out, "  \"%s\": \"", key);
  eqk_text_escaped (out, text, true);
  eqk_text_add (out, "\"%s\n", end);
}

static void
add_json_port (EqkEmitter *self, EqkText *out, const EqkEmitPort *port, bool last)
{
  const EqkValue *v = eqk_program_value (self->program, port->value);

  eqk_text_add (out, "    { \"name\": \"%s\", \"node\": \"", port->name);
  eqk_text_escaped (out, port->node, true);
  eqk_text_add (out, "\", \"type\": \"%s\", \"kind\": \"%s\", \"representation\": \"", port->index ? "int32" : "float32", eqk_kind_name (port->type->kind));
  eqk_text_escaped (out, eqk_rep_get_text (port->type->rep), true);
  eqk_text_add (out, "\", \"shape\": [");
  switch (v->space.kind)
    {
    case EQK_SPACE_GRID:
      eqk_text_add (out, "%d, %d, %d", v->width, v->space.h, v->space.w);
      break;
    case EQK_SPACE_NODES:
      eqk_text_add (out, "\"n_nodes\", %d", v->width);
      break;
    case EQK_SPACE_EDGES:
      eqk_text_add (out, "\"n_edges\", %d", v->width);
      break;
    case EQK_SPACE_PAIRS:
      eqk_text_add (out, "\"n_nodes\", \"n_nodes\", %d", v->width);
      break;
    default:
      eqk_text_add (out, "%d", v->width);
      break;
    }
  eqk_text_add (out, "] }%s\n", last ? "" : ",");
}

void
eqk_emitter_json (EqkEmitter *self, EqkText *out)
{
  eqk_text_add (out, "{\n  \"format\": 1,\n");
  add_json_text (out, "name", self->options->name, ",");
  add_json_text (out, "design", self->options->design_hash, ",");
  add_json_text (out, "provenance", self->options->provenance != NULL ? self->options->provenance : "", ",");
  add_json_text (out, "symmetry", eqk_emitter_symmetry (self), ",");
  add_json_text (out, "prefix", self->prefix, ",");
  add_json_text (out, "licence", "MIT-0", ",");
  eqk_text_add (out, "  \"plain\": %s,\n  \"compact\": %s,\n", self->options->plain ? "true" : "false", self->options->compact ? "true" : "false");
  eqk_text_add (out, "  \"totals\": { \"parameters\": %zu, \"macs\": %.0f, \"arena_bytes\": %zu, \"weights_bytes\": %zu, \"table_bytes\": %zu },\n",
                eqk_program_n_weights (self->program), eqk_run_macs (self->plan, -1), eqk_emitter_arena_bytes (self), self->options->compact ? self->expanded_bytes : 0,
                eqk_emitter_table_bytes (self));
  if (self->has_nodes)
    eqk_text_add (out, "  \"max_nodes\": %d,\n", self->options->max_nodes);
  if (self->has_edges)
    eqk_text_add (out, "  \"max_edges\": %d,\n", self->options->max_edges);
  eqk_emitter_json_facts (self, out);
  eqk_text_add (out, "  \"checksum\": \"%08x\",\n  \"inputs\": [\n", (unsigned) eqk_emitter_checksum (self));
  for (int i = 0; i < self->n_inputs; i++)
    add_json_port (self, out, &self->ports[i], i == self->n_inputs - 1);
  eqk_text_add (out, "  ],\n  \"outputs\": [\n");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    add_json_port (self, out, &self->ports[i], i == self->n_ports - 1);
  eqk_text_add (out, "  ]\n}\n");
}

/*
 * Other languages: the same model from C++ (the header has what it needs) and from Fortran 2008, whose module binds the C functions as they
 * are: numbers count from 0, and arrays lie as in C, so that a Fortran array has the axes in the opposite order.
 */

#include "emit/emit-private.h"

#include <ctype.h>
#include <string.h>

/* ---- example.cc ---- */

/* Those that the example's sample has, two nodes and two edges where there are any, and ten at most; as in example.c. */
static int
shown_numbers (const EqkEmitter *self, const EqkEmitPort *port)
{
  const EqkValue *v = eqk_program_value (self->program, port->value);
  const bool      whole = v->space.structure == 0;
  int             n = v->width;

  if (v->space.kind == EQK_SPACE_GRID)
    n = v->width * v->space.h * v->space.w;
  else if (whole && (v->space.kind == EQK_SPACE_NODES || v->space.kind == EQK_SPACE_EDGES))
    n = 2 * v->width;
  else if (whole && v->space.kind == EQK_SPACE_PAIRS)
    n = 4 * v->width;
  return n < 10 ? n : 10;
}

static void
add_example_call (EqkEmitter *self, EqkText *out, const char *glue, const char *suffix)
{
  if (self->has_nodes)
    eqk_text_add (out, ",%sn_nodes", glue);
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, ",%sin_%s%s", glue, self->ports[i].name, suffix);
  if (self->has_edges)
    eqk_text_add (out, ",%sn_edges,%ssrc,%sdst", glue, glue, glue);
  if (self->has_shifts)
    eqk_text_add (out, ",%sshift", glue);
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, ",%sout_%s%s", glue, self->ports[i].name, suffix);
}

void
eqk_emitter_example_cxx (EqkEmitter *self, EqkText *out)
{
  const char *p = self->prefix, *m = self->macro_prefix;

  eqk_emitter_banner (self, out, "example.cc");
  eqk_text_add (out, "/* The model from C++: made-up input, printed output. */\n\n#include \"model.h\"\n\n#include <cstddef>\n#include <iostream>\n#include <vector>\n\n");
  eqk_text_add (out, "static %s_MEMORY (arena, %s_ARENA_BYTES);\n", m, m);
  if (self->options->compact)
    eqk_text_add (out, "static %s_MEMORY (expanded, %s_WEIGHTS_BYTES);\n", m, m);
  eqk_text_add (out, "\nint\nmain ()\n{\n  %s model;\n", p);
  if (self->has_nodes)
    eqk_text_add (out, "  const std::int32_t n_nodes = 2;\n");
  if (self->has_edges)
    eqk_text_add (out, "  const std::int32_t n_edges = 2, src[] = { 1, 0 }, dst[] = { 0, 1 };   /* both ways, sorted by dst */\n");
  if (self->has_shifts)
    eqk_text_add (out, "  const std::int32_t shift[6] = {};\n");
  for (int i = 0; i < self->n_ports; i++)
    eqk_text_add (out, "  std::vector<%s> %s_%s (%s_%s_COUNT);\n", self->ports[i].index ? "std::int32_t" : "float", i < self->n_inputs ? "in" : "out", self->ports[i].name, m,
                  self->ports[i].macro);
  for (int i = 0; i < self->n_inputs; i++)
    if (!self->ports[i].index)
      eqk_text_add (out, "\n  for (std::size_t i = 0; i < in_%s.size (); i++)\n    in_%s[i] = 0.1f * static_cast<float> (i %% 7);\n", self->ports[i].name, self->ports[i].name);
  eqk_text_add (out, "\n  %s_status status = %s_init (&model, arena, sizeof arena%s);\n  if (status == %s_OK)\n    status = %s_run (&model", p, p,
                self->options->compact ? ", expanded, sizeof expanded" : "", m, p);
  add_example_call (self, out, " ", ".data ()");
  eqk_text_add (out, ");\n  if (status != %s_OK)\n    {\n      std::cerr << %s_status_text (status) << '\\n';\n      return 1;\n    }\n", m, p);
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, "  for (std::size_t i = 0; i < %d; i++)\n    std::cout << \"%s[\" << i << \"] = \" << out_%s[i] << '\\n';\n", shown_numbers (self, &self->ports[i]), self->ports[i].name,
                  self->ports[i].name);
  eqk_text_add (out, "  return 0;\n}\n");
}

/* ---- model.f90 ---- */

/* A name of Fortran's begins with a letter. */
static const char *
fortran_prefix (const EqkEmitter *self)
{
  const char *p = self->prefix;

  while (*p == '_' || isdigit ((unsigned char) *p))
    p++;
  return *p == '\0' ? "model" : p;
}

/* Fortran does not tell capitals from small letters: two ports that differ in them alone are told apart by their number. */
static const char *
argument (EqkEmitter *self, int port)
{
  const char *lead = port < self->n_inputs ? "in" : "out", *name = self->ports[port].macro;

  for (int i = 0; i < self->n_ports; i++)
    if (i != port && (i < self->n_inputs) == (port < self->n_inputs) && strcmp (self->ports[i].macro, name) == 0)
      return eqk_emitter_text (self, "%s%d_%s", lead, port, self->ports[port].name);
  return eqk_emitter_text (self, "%s_%s", lead, self->ports[port].name);
}

/* A comment of one line. */
static void
add_remark (EqkText *out, const char *text)
{
  eqk_text_add (out, "! ");
  for (; *text != '\0'; text++)
    if (*text == '\n')
      eqk_text_add (out, "\n! ");
    else
      eqk_text_append (out, text, 1);
  eqk_text_add (out, "\n");
}

static void
add_heading (EqkEmitter *self, EqkText *out, const char *file)
{
  eqk_text_add (out, "! %s: ", file);
  eqk_text_comment (out, self->options->name);
  eqk_text_add (out, "\n!\n! Written by Equistudio. Design %s.\n", self->options->design_hash);
  if (self->options->provenance != NULL && self->options->provenance[0] != '\0')
    add_remark (out, self->options->provenance);
  eqk_text_add (out, "!\n! SPDX-License-Identifier: MIT-0\n\n");
}

static void
add_constants (EqkEmitter *self, EqkText *out, const char *p)
{
  eqk_text_add (out, "  integer (c_size_t), parameter :: %s_arena_bytes = %zu_c_size_t, %s_alignment = 64_c_size_t\n", p, eqk_emitter_arena_bytes (self), p);
  if (self->options->compact)
    eqk_text_add (out, "  integer (c_size_t), parameter :: %s_weights_bytes = %zu_c_size_t\n", p, self->expanded_bytes > 0 ? self->expanded_bytes : 64);
  eqk_text_add (out, "  integer (c_int), parameter :: %s_ok = 0, %s_format = 1\n  character (len=*), parameter :: %s_design_hash = &\n    \"%s\"\n", p, p, p, self->options->design_hash);
  if (self->has_nodes)
    eqk_text_add (out, "  integer (c_int32_t), parameter :: %s_max_nodes = %d\n", p, self->options->max_nodes);
  if (self->has_edges)
    eqk_text_add (out, "  integer (c_int32_t), parameter :: %s_max_edges = %d\n", p, self->options->max_edges);
}

static void
add_run_interface (EqkEmitter *self, EqkText *out, const char *p)
{
  eqk_text_add (out, "    ! One sample; shapes and order of every argument: %s_run in model.h. Nodes and kinds count from 0.\n    function %s_run (model", self->prefix, p);
  if (self->has_nodes)
    eqk_text_add (out, ", &\n        n_nodes");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, ", &\n        %s", argument (self, i));
  if (self->has_edges)
    eqk_text_add (out, ", &\n        n_edges, src, dst%s", self->has_shifts ? ", shift" : "");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, ", &\n        %s", argument (self, i));
  eqk_text_add (out, ") &\n        result (status) bind (c, name='%s_run')\n      import\n      type (%s_model), intent (inout) :: model\n", self->prefix, p);
  if (self->has_nodes)
    eqk_text_add (out, "      integer (c_int32_t), value :: n_nodes\n");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, "      %s, intent (in) :: %s(*)\n", self->ports[i].index ? "integer (c_int32_t)" : "real (c_float)", argument (self, i));
  if (self->has_edges)
    eqk_text_add (out, "      integer (c_int32_t), value :: n_edges\n      integer (c_int32_t), intent (in) :: src(*), dst(*)%s\n", self->has_shifts ? ", shift(*)" : "");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, "      real (c_float), intent (inout) :: %s(*)\n", argument (self, i));
  eqk_text_add (out, "      integer (c_int) :: status\n    end function\n\n");
}

static void
add_interfaces (EqkEmitter *self, EqkText *out, const char *p)
{
  eqk_text_add (out, "  interface\n    ! arena: the address of %s_arena_bytes bytes, aligned: %s_aligned gives one.\n    function %s_init (model, arena, arena_bytes%s) &\n"
                     "        result (status) bind (c, name='%s_init')\n      import\n      type (%s_model), intent (inout) :: model\n      type (c_ptr), value :: arena%s\n"
                     "      integer (c_size_t), value :: arena_bytes%s\n      integer (c_int) :: status\n    end function\n\n", p, p, p, self->options->compact ? ", weights, weights_bytes" : "",
                self->prefix, p, self->options->compact ? ", weights" : "", self->options->compact ? ", weights_bytes" : "");
  add_run_interface (self, out, p);
  eqk_text_add (out, "    function %s_checksum () result (sum) bind (c, name='%s_checksum')\n      import\n      integer (c_int32_t) :: sum\n    end function\n\n", p, self->prefix);
  eqk_text_add (out, "    function c_status_text (status) result (text) bind (c, name='%s_status_text')\n      import\n      integer (c_int), value :: status\n      type (c_ptr) :: text\n"
                     "    end function\n\n    function c_length (text) result (n) bind (c, name='strlen')\n      import\n      type (c_ptr), value :: text\n      integer (c_size_t) :: n\n"
                     "    end function\n  end interface\n\n", self->prefix);
}

void
eqk_emitter_fortran (EqkEmitter *self, EqkText *out)
{
  const char *p = fortran_prefix (self);

  add_heading (self, out, "model.f90");
  eqk_text_add (out, "! What model.h declares, for Fortran 2008: compile it beside model.c and model_weights.c. Arrays lie as in C: [n][3] is (3, n) here.\n\n"
                     "module %s_c\n  use, intrinsic :: iso_c_binding\n  implicit none\n  private :: c_status_text, c_length\n\n", p);
  add_constants (self, out, p);
  eqk_text_add (out, "\n  ! A model ready to run: owned by the caller, its fields are private to the C code.\n  type, bind (c) :: %s_model\n    type (c_ptr) :: arena = c_null_ptr, weights = c_null_ptr\n"
                     "    integer (c_int32_t) :: state = 0\n  end type\n\n", p);
  add_interfaces (self, out, p);
  eqk_text_add (out, "contains\n\n  ! The first aligned byte of memory, which has %s_alignment bytes more than are needed and the target attribute.\n  function %s_aligned (memory) result (address)\n"
                     "    integer (c_int8_t), target, intent (in) :: memory(*)\n    type (c_ptr) :: address\n    integer (c_intptr_t) :: over\n\n"
                     "    over = modulo (-transfer (c_loc (memory(1)), 0_c_intptr_t), int (%s_alignment, c_intptr_t))\n    address = c_loc (memory(1 + over))\n  end function\n\n", p, p, p);
  eqk_text_add (out, "  ! A short English text for a status.\n  function %s_status_text (status) result (text)\n    integer (c_int), intent (in) :: status\n    character (len=:), allocatable :: text\n"
                     "    character (kind=c_char), pointer :: letters(:)\n    type (c_ptr) :: address\n    integer :: i\n\n    address = c_status_text (status)\n"
                     "    call c_f_pointer (address, letters, [c_length (address)])\n    text = repeat (' ', size (letters))\n    do i = 1, size (letters)\n      text(i:i) = letters(i)\n    end do\n"
                     "  end function\n\nend module\n", p);
}

/* ---- example.f90 ---- */

static void
add_fortran_arrays (EqkEmitter *self, EqkText *out)
{
  for (int i = 0; i < self->n_ports; i++)
    eqk_text_add (out, "  %s, allocatable :: %s(:)\n", self->ports[i].index ? "integer (c_int32_t)" : "real (c_float)", argument (self, i));
}

/* At its largest: the example uses the first of them. */
static size_t
most_numbers (const EqkEmitter *self, const EqkEmitPort *port)
{
  const EqkValue *v = eqk_program_value (self->program, port->value);
  const size_t    nodes = (size_t) self->options->max_nodes, edges = (size_t) self->options->max_edges, width = (size_t) v->width;

  switch (v->space.kind)
    {
    case EQK_SPACE_GRID:
      return width * (size_t) v->space.h * (size_t) v->space.w;
    case EQK_SPACE_NODES:
      return width * nodes;
    case EQK_SPACE_EDGES:
      return width * edges;
    case EQK_SPACE_PAIRS:
      return width * nodes * nodes;
    default:
      return width;
    }
}

void
eqk_emitter_example_fortran (EqkEmitter *self, EqkText *out)
{
  const char *p = fortran_prefix (self);

  add_heading (self, out, "example.f90");
  eqk_text_add (out, "! The model from Fortran: made-up input, printed output.\n!\n!   cc -std=c11 -O3 -c model.c model_weights.c\n"
                     "!   gfortran -O3 model.f90 example.f90 model.o model_weights.o -o example\n\n"
                     "program example\n  use %s_c\n  implicit none\n\n  type (%s_model) :: model\n  integer (c_int8_t), allocatable, target :: arena(:)%s\n", p, p, self->options->compact ? ", expanded(:)" : "");
  add_fortran_arrays (self, out);
  if (self->has_nodes)
    eqk_text_add (out, "  integer (c_int32_t), parameter :: n_nodes = 2\n");
  if (self->has_edges)
    eqk_text_add (out, "  ! Both ways, sorted by dst.\n  integer (c_int32_t), parameter :: n_edges = 2, src(2) = [1, 0], dst(2) = [0, 1]\n");
  if (self->has_shifts)
    eqk_text_add (out, "  integer (c_int32_t), parameter :: shift(6) = 0\n");
  eqk_text_add (out, "  integer (c_int) :: status\n  integer :: i\n\n  allocate (arena(%s_arena_bytes + %s_alignment))\n", p, p);
  if (self->options->compact)
    eqk_text_add (out, "  allocate (expanded(%s_weights_bytes + %s_alignment))\n", p, p);
  for (int i = 0; i < self->n_ports; i++)
    eqk_text_add (out, "  allocate (%s(%zu), source=%s)\n", argument (self, i), most_numbers (self, &self->ports[i]), self->ports[i].index ? "0_c_int32_t" : "0.0_c_float");
  for (int i = 0; i < self->n_inputs; i++)
    if (!self->ports[i].index)
      eqk_text_add (out, "  %s = [(0.1_c_float * real (modulo (i - 1, 7), c_float), i = 1, size (%s))]\n", argument (self, i), argument (self, i));
  eqk_text_add (out, "\n  status = %s_init (model, %s_aligned (arena), %s_arena_bytes", p, p, p);
  if (self->options->compact)
    eqk_text_add (out, ", &\n    %s_aligned (expanded), %s_weights_bytes", p, p);
  eqk_text_add (out, ")\n  if (status == %s_ok) status = %s_run (model", p, p);
  if (self->has_nodes)
    eqk_text_add (out, ", &\n    n_nodes");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, ", &\n    %s", argument (self, i));
  if (self->has_edges)
    eqk_text_add (out, ", &\n    n_edges, src, dst%s", self->has_shifts ? ", shift" : "");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, ", &\n    %s", argument (self, i));
  eqk_text_add (out, ")\n  if (status /= %s_ok) then\n    print '(a)', %s_status_text (status)\n    stop 1\n  end if\n", p, p);
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, "  do i = 1, %d\n    print '(a, i0, a, g0.6)', '%s[', i - 1, '] = ', %s(i)\n  end do\n", shown_numbers (self, &self->ports[i]), self->ports[i].name, argument (self, i));
  eqk_text_add (out, "end program\n");
}

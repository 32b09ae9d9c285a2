#pragma once

/** Graphs by hand: nodes with settings as text, and links. */

#include "eqk/graph.h"

#include <glib.h>

static inline void
add_layer (EqkGraph *graph, const char *id, const char *layer, const char *settings)
{
  EqkSettings *s = NULL;

  g_assert_cmpint (eqk_settings_parse (settings, &s, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_graph_add (graph, id, layer, s, NULL, NULL, NULL), ==, EQK_OK);
  eqk_settings_free (s);
}

static inline void
link_layers (EqkGraph *graph, const char *from, const char *from_port, const char *to, const char *to_port)
{
  g_assert_cmpint (eqk_graph_link (graph, from, from_port, to, to_port, NULL), ==, EQK_OK);
}

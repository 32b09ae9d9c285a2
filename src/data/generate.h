#pragma once

#include "data/split.h"

G_BEGIN_DECLS

/**
 * Data sets made from a seed at run time. The same seed gives the same values.
 *
 * flow2d: two-dimensional incompressible flow on the square [0, 2π)², periodic, 64×64. Vorticity ω obeys
 * ∂ω/∂t + u·∇ω = ν Δ ω with ν = 0.004 and u from the stream function; it begins as an isotropic random field of wave
 * numbers 2 to 5 with root-mean-square speed 0.5. Given three frames 0.405 apart, the next is to be foretold.
 * Columns "frames" [64, 64, 6] and "next" [64, 64, 2]: velocity (vx, vy), x to the right, y up (so +vy points to the
 * array's lower row numbers), the oldest frame first; representations 3x f1 and 1x f1. Parts: train 96, valid 16,
 * test 32 samples, each part from flows of its own (four samples of a flow, each a frame later).
 *
 * wl_pairs: graphs in which every node has two neighbours, 6 to 12 nodes under random names: one ring (class 0), or a triangle or a square and a
 * ring of the others (class 1). Refining colours by those of neighbours (Weisfeiler, Leman 1968) gives all nodes of all of them one colour, so
 * nothing that passes messages can tell them apart but by size. Columns "nodes" (a one and the degree, 2), "edges" (both ways), "rings". Parts: train
 * 600, valid 100, test 200, half of each class.
 *
 * parts: two to four bodies (box, cylinder, cone, sphere) of random sizes on top of each other, 32 points of each on its surface, evenly by area and
 * where possible no closer than 0.5, in random order. Columns "positions" [nodes, 3] and "part", the kind of body of each point. Parts: train 300 and
 * valid 50 upright, test 100 turned at random, test_upright the same 100 as they were built.
 *
 * @return NULL with EQS_DATA_ERROR_MISSING for an unknown generator or part
 */
EqsSplit *eqs_generate (const char *generator, const char *split, guint64 seed, GError **error);
/** The generator "parts", in a file of its own. */
EqsSplit *eqs_generate_parts (const char *split, guint64 seed, GError **error);
/** Goes into the data hash: a new number when a generator's values change. 0: no such generator. */
guint     eqs_generator_get_version (const char *generator);

G_END_DECLS

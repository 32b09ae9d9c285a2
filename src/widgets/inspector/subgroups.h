#pragma once

/**
 * The groups that a restriction may keep, each with what becomes of the kinds of pattern that come in (the branching rule), for the
 * inspector at a layer with a group as a setting. Of subgroups that an element turns into each other one is listed.
 */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Ids of the subgroups of a group, the largest first, the group itself left out. (transfer full) (element-type utf8) */
GPtrArray *eqs_subgroups_list (const EqkGroup *group);

/**
 * "f1 → triv + sign": an irrep of the larger group as a sum of those of `sub`.
 * @return (transfer full) NULL where the kernels have no restriction
 */
char *eqs_subgroups_dup_branching (const EqkField *irrep, const EqkGroup *sub);

/** @return NULL: the layer has no group as a setting, or the design's group is not known */
GtkWidget *eqs_subgroups_new (EqsSession *session, const char *path);

G_END_DECLS

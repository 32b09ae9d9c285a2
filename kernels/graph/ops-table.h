/*
 * Declares the operations of one variant and lists them as a table. No guard: EQK_TABLE is defined before each inclusion, as f32_base, and names
 * both the table and the variant.
 */

#define EQK_TABLE_SYM_(table, name) eqk_##table##_##name
#define EQK_TABLE_SYM(table, name) EQK_TABLE_SYM_ (table, name)

#define EQK_OP(name) extern const EqkOpType EQK_TABLE_SYM (EQK_TABLE, name);
#include "ops-list.h"
#undef EQK_OP

#define EQK_OP(name) &EQK_TABLE_SYM (EQK_TABLE, name),
static const EqkOpType *const EQK_TABLE[] = {
#include "ops-list.h"
  NULL
};
#undef EQK_OP

#undef EQK_TABLE_SYM
#undef EQK_TABLE_SYM_
#undef EQK_TABLE

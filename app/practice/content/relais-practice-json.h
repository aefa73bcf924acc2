/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RELAIS_NODE_NULL,
  RELAIS_NODE_FALSE,
  RELAIS_NODE_TRUE,
  RELAIS_NODE_NUMBER,
  RELAIS_NODE_STRING,
  RELAIS_NODE_ARRAY,
  RELAIS_NODE_OBJECT,
} RelaisNodeType;

/**
 * RelaisNode:
 * @type: what it is
 * @count: of an array its elements, of an object its members
 * @span: how many nodes it takes with all inside it: what follows is at node + span
 * @text: of a string and a number: zero-terminated for a string only
 * @length: of @text in bytes
 *
 * One value of a parsed text. A member of an object is two nodes: name, value.
 */
typedef struct
{
  RelaisNodeType  type;
  guint           count;
  guint           span;
  const char     *text;
  gsize           length;
} RelaisNode;

typedef struct _RelaisTree RelaisTree;

RelaisTree       *relais_tree_parse       (const char       *data,
                                           gsize             length);
void              relais_tree_free        (RelaisTree       *tree);
const RelaisNode *relais_tree_root        (RelaisTree       *tree);
const RelaisNode *relais_node_member      (const RelaisNode *object,
                                           const char       *name);
const char       *relais_node_member_text (const RelaisNode *object,
                                           const char       *name);
char             *relais_node_to_text     (const RelaisNode *node);
guint64           relais_node_to_id       (const RelaisNode *node);
gboolean          relais_node_is_true     (const RelaisNode *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisTree, relais_tree_free)

/* Writing: a comma goes where one is due. */
void              relais_write_value      (GString          *into,
                                           const char       *text);
void              relais_write_raw        (GString          *into,
                                           const char       *json);
void              relais_write_key        (GString          *into,
                                           const char       *name);
void              relais_write_string     (GString          *into,
                                           const char       *name,
                                           const char       *text);
void              relais_write_texts      (GString          *into,
                                           const char *const *pairs);
void              relais_write_id         (GString          *into,
                                           const char       *name,
                                           guint64           id);
void              relais_write_number     (GString          *into,
                                           const char       *name,
                                           gint64            number);
void              relais_write_member     (GString          *into,
                                           const char       *name,
                                           const char       *json);

G_END_DECLS

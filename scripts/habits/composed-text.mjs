/** Whether an expression composes text: a template with values in it, `+`, `+=`, `concat`, or `join` of a list. */
export function isComposed(node) {
  switch (node?.type) {
    case 'TemplateLiteral':
      return node.expressions.length > 0;
    case 'BinaryExpression':
      return node.operator === '+';
    case 'AssignmentExpression':
      return node.operator === '+=';
    case 'CallExpression':
      return ['concat', 'join'].includes(node.callee.property?.name);
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return isComposed(node.expression);
    default:
      return false;
  }
}

/** The known text of an expression, with a question mark for each unknown part. */
export function textIn(node) {
  switch (node?.type) {
    case 'Literal':
      return String(node.value);
    case 'TemplateLiteral':
      return node.quasis.map(({ value }) => value.cooked).join('?');
    case 'BinaryExpression':
    case 'AssignmentExpression':
      return textIn(node.left) + textIn(node.right);
    case 'CallExpression':
      return [node.callee.object, ...node.arguments].map(textIn).join(' ');
    case 'ArrayExpression':
      return node.elements.map(textIn).join(' ');
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return textIn(node.expression);
    default:
      return '?';
  }
}

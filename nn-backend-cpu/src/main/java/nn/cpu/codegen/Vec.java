package nn.cpu.codegen;

import nn.expr.Type;

/**
 * A vector in a local variable of a generated method: a {@code FloatVector}, an {@code IntVector}
 * or, for BOOL, a {@code VectorMask<Float>}.
 *
 * @param slot the local variable
 * @param type what its lanes hold
 */
public record Vec(int slot, Type type) {}

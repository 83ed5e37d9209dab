package nn.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nn.backend.Buffer;
import nn.backend.Command;
import nn.backend.Operand;

/**
 * A list of commands and which of them depend on which: a command comes after those that wrote what
 * it reads or writes, and after those that read what it overwrites. Two commands can be joined to
 * one if no third must run between them; the others are then moved out of the way.
 */
final class Graph {

  /** A command and its neighbours. */
  static final class Node {
    private final Command command;
    private final Accesses accesses;
    private final Set<Node> before = new LinkedHashSet<>();
    private final Set<Node> after = new LinkedHashSet<>();
    private int position;

    private Node(Command command) {
      this.command = command;
      this.accesses = Accesses.of(command);
    }

    Command command() {
      return command;
    }

    Accesses accesses() {
      return accesses;
    }

    /** The commands that must have run just before: those this one depends on directly. */
    Set<Node> before() {
      return before;
    }

    /** The place in the list. */
    int position() {
      return position;
    }
  }

  private record Access(Node node, Region region, boolean writes) {}

  private List<Node> order = new ArrayList<>();

  Graph(List<Command> commands) {
    Map<Buffer, List<Access>> current = new HashMap<>();
    for (Command command : commands) {
      Node node = new Node(command);
      link(node, current);
      order.add(node);
    }
    number();
  }

  private static void link(Node node, Map<Buffer, List<Access>> current) {
    node.accesses.reads().forEach(r -> depend(new Access(node, r, false), current));
    node.accesses.writes().forEach(w -> depend(new Access(node, w, true), current));
    for (Operand result : Accesses.results(node.command)) {
      if (Region.isFilledBy(result)) {
        Region over = Region.of(result);
        accesses(over, current).removeIf(a -> a.node != node && over.contains(a.region));
      }
    }
  }

  private static void depend(Access access, Map<Buffer, List<Access>> current) {
    List<Access> others = accesses(access.region, current);
    for (Access other : others) {
      boolean conflict = (access.writes || other.writes) && access.region.overlaps(other.region);
      if (conflict && other.node != access.node) {
        access.node.before.add(other.node);
        other.node.after.add(access.node);
      }
    }
    others.add(access);
  }

  private static List<Access> accesses(Region region, Map<Buffer, List<Access>> current) {
    return current.computeIfAbsent(region.buffer(), b -> new ArrayList<>());
  }

  private void number() {
    for (int i = 0; i < order.size(); i++) {
      order.get(i).position = i;
    }
  }

  int size() {
    return order.size();
  }

  Node node(int position) {
    return order.get(position);
  }

  List<Command> commands() {
    return order.stream().map(Node::command).toList();
  }

  /** Whether a value that the command leaves in memory is wanted by any but the one given. */
  boolean isNeeded(Node writer, Operand output, Node except) {
    Region region = Region.of(output);
    return !(output.buffer() instanceof VirtualBuffer)
        || writer.after.stream().anyMatch(n -> n != except && n.accesses.readsAny(region));
  }

  /** Whether no command must run between the two. */
  boolean areJoinable(Node first, Node second) {
    Set<Node> between = followers(first, second);
    return second.before.stream().noneMatch(between::contains);
  }

  /** Those before {@code end} in the list that must run after {@code first}. */
  private Set<Node> followers(Node first, Node end) {
    Set<Node> followers = new HashSet<>();
    for (int i = first.position + 1; i < end.position; i++) {
      Node node = order.get(i);
      if (node.before.contains(first) || node.before.stream().anyMatch(followers::contains)) {
        followers.add(node);
      }
    }
    return followers;
  }

  /** Replaces two joinable commands by one. */
  Node join(Node first, Node second, Command command) {
    Set<Node> followers = followers(first, second);
    Node joined = new Node(command);
    for (Node part : List.of(first, second)) {
      part.before.forEach(n -> replace(n.after, part, joined));
      part.after.forEach(n -> replace(n.before, part, joined));
      joined.before.addAll(part.before);
      joined.after.addAll(part.after);
    }
    for (Set<Node> neighbours : List.of(joined.before, joined.after)) {
      neighbours.removeAll(List.of(first, second, joined));
    }
    List<Node> reordered = new ArrayList<>(order.subList(0, first.position));
    order.subList(first.position + 1, second.position).stream()
        .filter(n -> !followers.contains(n))
        .forEach(reordered::add);
    reordered.add(joined);
    order.subList(first.position + 1, second.position).stream()
        .filter(followers::contains)
        .forEach(reordered::add);
    reordered.addAll(order.subList(second.position + 1, order.size()));
    order = reordered;
    number();
    return joined;
  }

  private static void replace(Set<Node> neighbours, Node part, Node joined) {
    neighbours.remove(part);
    neighbours.add(joined);
  }
}

// Finding an institution by a name, a part of one, a code, a number or pinyin; publish/site/search.py wrote the index.
// Plain old JavaScript: it must run in whatever browser a counter has, also from the disk.
(function () {
  "use strict";
  var SHOWN = 10; // institutions listed
  var LOOKED = 20; // cards that are looked at, those of the list among them, before the answer is "and more"
  var NARROW = 20; // places that are few enough to look at each card
  var box = document.getElementById("search");
  var root = box.getAttribute("data-root");
  var input = document.getElementById("query");
  var list = document.getElementById("hits");
  var said = document.getElementById("said");
  var loaded = {};
  var waiting = {};
  var asked = 0;

  box.hidden = false;

  window.found = function (name, value) {
    loaded[name] = value;
    var then = waiting[name] || [];
    delete waiting[name];
    for (var i = 0; i < then.length; i += 1) { then[i](value); }
  };

  function load(name, then) {
    if (loaded.hasOwnProperty(name)) { then(loaded[name]); return; }
    if (waiting[name]) { waiting[name].push(then); return; }
    waiting[name] = [then];
    var script = document.createElement("script");
    script.src = root + "search/" + name + ".js";
    document.body.appendChild(script);
  }
  // Several files at once, then their values in the same order.
  function loadAll(names, then) {
    var values = [];
    var left = names.length;
    if (!left) { then(values); return; }
    function take(at) {
      load(names[at], function (value) {
        values[at] = value;
        left -= 1;
        if (!left) { then(values); }
      });
    }
    for (var i = 0; i < names.length; i += 1) { take(i); }
  }

  // As publish/site/search_keys.py folds and publish/site/search.py numbers.
  function fold(text) {
    if (text.normalize) { text = text.normalize("NFKC"); }
    return text.toUpperCase().replace(/\s+/g, "");
  }
  function shard(text, files) {
    var value = 2166136261;
    for (var i = 0; i < text.length; i += 1) {
      value ^= text.charCodeAt(i);
      value = (((value & 0xffff) * 16777619) + ((((value >>> 16) * 16777619) & 0xffff) << 16)) >>> 0;
    }
    return value % files;
  }
  function characters(text) {
    return text.match(/[\ud800-\udbff][\udc00-\udfff]|[\s\S]/g) || [];
  }
  function isLatin(text) { return /^[0-9A-Z]+$/.test(text); }
  function windows(text, width) {
    var parts = characters(text);
    var all = [];
    for (var at = 0; at + width <= parts.length; at += 1) {
      var key = parts.slice(at, at + width).join("");
      if (all.indexOf(key) < 0) { all.push(key); }
    }
    return all;
  }
  function keysOf(part) {
    var length = characters(part).length;
    if (isLatin(part)) { return windows(part, length < 4 ? 2 : 4); }
    return windows(part, length < 2 ? 1 : 2);
  }

  // The file in which a key is, if it is anywhere: that of the last first key not behind it.
  function fileOf(index, key) {
    var low = 0;
    var high = index.files.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (index.files[middle] <= key) { low = middle + 1; } else { high = middle; }
    }
    return low ? "k" + (low - 1) : null;
  }
  // The places behind each key; none for an unknown one.
  function placesOf(index, keys, then) {
    var names = [];
    for (var i = 0; i < keys.length; i += 1) { names.push(fileOf(index, keys[i]) || "index"); }
    loadAll(names, function (files) {
      var all = [];
      for (var at = 0; at < keys.length; at += 1) {
        var entry = names[at] !== "index" && files[at].hasOwnProperty(keys[at]) ? files[at][keys[at]] : [0];
        var places = [];
        var place = 0;
        for (var j = 1; j < entry.length; j += 1) { place = j === 1 ? entry[1] : place + entry[j]; places.push(place); }
        all.push(places);
      }
      then(all);
    });
  }
  function intersect(one, other) {
    var both = [];
    var at = 0;
    for (var i = 0; i < one.length; i += 1) {
      while (at < other.length && other[at] < one[i]) { at += 1; }
      if (other[at] === one[i]) { both.push(one[i]); }
    }
    return both;
  }
  function cardsOf(index, places, then) {
    var names = [];
    for (var i = 0; i < places.length; i += 1) { names.push("c" + Math.floor(places[i] / index.cards)); }
    loadAll(names, function (files) {
      var cards = [];
      for (var at = 0; at < places.length; at += 1) { cards.push(files[at][places[at] % index.cards]); }
      then(cards);
    });
  }

  // Keys of all parts that narrow down, far apart ones first: neighbours share characters.
  function narrowing(index, parts) {
    var keys = [];
    for (var i = 0; i < parts.length; i += 1) {
      var own = keysOf(parts[i]);
      for (var j = 0; j < own.length; j += 1) {
        if (!index.common.hasOwnProperty(own[j]) && keys.indexOf(own[j]) < 0) { keys.push(own[j]); }
      }
    }
    var apart = [];
    for (var step = 3; step >= 1; step -= 1) {
      for (var at = 0; at < keys.length; at += step) {
        if (apart.indexOf(keys[at]) < 0) { apart.push(keys[at]); }
      }
    }
    return apart;
  }
  function rarest(index, parts) {
    var best = [];
    for (var i = 0; i < parts.length; i += 1) {
      var own = keysOf(parts[i]);
      for (var j = 0; j < own.length; j += 1) {
        if (!best.length || index.common[own[j]] < index.common[best[0]]) { best = [own[j]]; }
      }
    }
    return best;
  }

  // The places of those who have all keys, three of them, and more while many are left.
  function narrow(index, keys, then) {
    function on(places, at) {
      if (at >= keys.length || (places && (at >= 5 || places.length <= NARROW && at >= 3))) { then(places || []); return; }
      var next = keys.slice(at, at + (at ? 1 : 3));
      placesOf(index, next, function (found) {
        for (var i = 0; i < found.length; i += 1) { places = places ? intersect(places, found[i]) : found[i]; }
        on(places, at + next.length);
      });
    }
    on(null, 0);
  }

  // How a card answers: 0 best, 9 not at all; a part in letters may be pinyin, which a card does not have.
  function rank(card, parts) {
    var worst = 0;
    for (var i = 0; i < parts.length; i += 1) {
      var part = parts[i];
      var own = 9;
      var at = fold(card[0]).indexOf(part);
      if (at === 0) { own = 0; }
      else if (at > 0) { own = 1; }
      else if (fold(card[4].join("\n")).indexOf(part) >= 0) { own = 2; }
      else if (fold([card[1]].concat(card[5]).join("\n")).indexOf(part) >= 0) { own = 3; }
      else if (isLatin(part)) { own = 4; }
      worst = Math.max(worst, own);
    }
    return worst;
  }

  // Those who have the most of what was typed: two characters side by side count twice, common ones not at all.
  function similar(index, parts, then) {
    var keys = [];
    for (var width = 2; width >= 1; width -= 1) {
      var all = windows(parts.join(""), width);
      for (var i = 0; i < all.length && keys.length < 10; i += 1) {
        if (!isLatin(all[i]) && !index.common.hasOwnProperty(all[i])) { keys.push(all[i]); }
      }
    }
    placesOf(index, keys, function (found) {
      var counts = {};
      for (var i = 0; i < found.length; i += 1) {
        var worth = characters(keys[i]).length;
        for (var j = 0; j < found[i].length; j += 1) { counts[found[i][j]] = (counts[found[i][j]] || 0) + worth; }
      }
      var places = [];
      for (var place in counts) { if (counts[place] >= 2) { places.push(Number(place)); } }
      places.sort(function (a, b) { return counts[b] - counts[a] || a - b; });
      then(places.slice(0, SHOWN));
    });
  }

  // What is typed → {cards, count, whole, similar}; whole: no other institution answers.
  function find(typed, then) {
    var parts = [];
    var split = typed.split(/\s+/);
    for (var i = 0; i < split.length; i += 1) { if (fold(split[i])) { parts.push(fold(split[i])); } }
    var query = parts.join("");
    if (characters(query).length < 2) { then(null); return; }
    load("index", function (index) {
      load("e" + shard(query, index.exact), function (exact) {
        var entry = exact.hasOwnProperty(query) ? exact[query] : [0];
        var first = entry.slice(1);
        var keys = narrowing(index, parts);
        var known = keys.length > 0;
        function judge(places) {
          var others = [];
          for (var i = 0; i < places.length; i += 1) { if (first.indexOf(places[i]) < 0) { others.push(places[i]); } }
          var looked = others.slice(0, LOOKED - Math.min(first.length, SHOWN));
          cardsOf(index, first.slice(0, SHOWN), function (best) {
            cardsOf(index, looked, function (cards) {
              var ranked = [];
              for (var i = 0; i < cards.length; i += 1) {
                var own = rank(cards[i], parts);
                if (own < 9) { ranked.push([own, cards[i][0].length, i, cards[i]]); }
              }
              ranked.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]; });
              var all = best.slice();
              for (var j = 0; j < ranked.length; j += 1) { all.push(ranked[j][3]); }
              if (all.length) {
                var unseen = others.length - looked.length;
                var count = known ? entry[0] + ranked.length + unseen : index.common[keys[0]];
                var whole = known && !unseen && entry[0] === first.length;
                then({ cards: all.slice(0, SHOWN), count: count, whole: whole, similar: false });
                return;
              }
              similar(index, parts, function (near) {
                cardsOf(index, near, function (cards) {
                  then({ cards: cards, count: cards.length, whole: true, similar: true });
                });
              });
            });
          });
        }
        if (known) { narrow(index, keys, judge); return; }
        keys = rarest(index, parts);
        placesOf(index, keys, function (found) { judge(found.length ? found[0] : []); });
      });
    });
  }
  window.findInstitutions = find;

  function text(tag, content) {
    var made = document.createElement(tag);
    made.appendChild(document.createTextNode(content));
    return made;
  }

  function show(answer, typed) {
    list.innerHTML = "";
    said.textContent = "";
    if (!answer) { return; }
    var query = fold(typed);
    for (var i = 0; i < answer.cards.length; i += 1) {
      var card = answer.cards[i];
      var item = document.createElement("li");
      var link = text("a", card[0]);
      link.href = root + "institutions/" + card[2] + ".html";
      item.appendChild(link);
      item.appendChild(document.createTextNode(" " + card[1] + (card[3] ? " · " + card[3] : "")));
      for (var j = 0; j < card[4].length; j += 1) {
        if (answer.similar || fold(card[0]).indexOf(query) < 0 && fold(card[4][j]).indexOf(query) >= 0) {
          item.appendChild(text("small", " " + box.getAttribute("data-former").replace("{name}", card[4][j])));
          break;
        }
      }
      list.appendChild(item);
    }
    var which = answer.similar && answer.cards.length ? "data-similar"
      : !answer.cards.length ? "data-none"
      : answer.whole && answer.count <= SHOWN ? "data-all" : "data-first";
    said.textContent = box.getAttribute(which)
      .replace("{shown}", answer.cards.length).replace("{count}", answer.count);
  }

  function ask() {
    var typed = input.value;
    var mine = asked += 1;
    find(typed, function (answer) { if (mine === asked) { show(answer, typed); } });
  }

  var given = /[?&]q=([^&]*)/.exec(window.location.search);
  if (given) {
    try { input.value = decodeURIComponent(given[1].replace(/\+/g, " ")); } catch (error) { input.value = ""; }
  }
  input.addEventListener("input", ask);
  if (input.value) { ask(); }
}());

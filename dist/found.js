#!/usr/bin/env node
import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __require = /* @__PURE__ */ ((x) => typeof require !== "undefined" ? require : typeof Proxy !== "undefined" ? new Proxy(x, {
  get: (a, b) => (typeof require !== "undefined" ? require : a)[b]
}) : x)(function(x) {
  if (typeof require !== "undefined") return require.apply(this, arguments);
  throw Error('Dynamic require of "' + x + '" is not supported');
});
var __esm = (fn, res, err) => function __init() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __commonJS = (cb, mod) => function __require2() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// node_modules/picocolors/picocolors.js
var require_picocolors = __commonJS({
  "node_modules/picocolors/picocolors.js"(exports, module) {
    var p = process || {};
    var argv = p.argv || [];
    var env = p.env || {};
    var isColorSupported = !(!!env.NO_COLOR || argv.includes("--no-color")) && (!!env.FORCE_COLOR || argv.includes("--color") || p.platform === "win32" || (p.stdout || {}).isTTY && env.TERM !== "dumb" || !!env.CI);
    var formatter = (open4, close2, replace = open4) => (input) => {
      let string = "" + input, index = string.indexOf(close2, open4.length);
      return ~index ? open4 + replaceClose(string, close2, replace, index) + close2 : open4 + string + close2;
    };
    var replaceClose = (string, close2, replace, index) => {
      let result = "", cursor = 0;
      do {
        result += string.substring(cursor, index) + replace;
        cursor = index + close2.length;
        index = string.indexOf(close2, cursor);
      } while (~index);
      return result + string.substring(cursor);
    };
    var createColors = (enabled = isColorSupported) => {
      let f = enabled ? formatter : () => String;
      return {
        isColorSupported: enabled,
        reset: f("\x1B[0m", "\x1B[0m"),
        bold: f("\x1B[1m", "\x1B[22m", "\x1B[22m\x1B[1m"),
        dim: f("\x1B[2m", "\x1B[22m", "\x1B[22m\x1B[2m"),
        italic: f("\x1B[3m", "\x1B[23m"),
        underline: f("\x1B[4m", "\x1B[24m"),
        inverse: f("\x1B[7m", "\x1B[27m"),
        hidden: f("\x1B[8m", "\x1B[28m"),
        strikethrough: f("\x1B[9m", "\x1B[29m"),
        black: f("\x1B[30m", "\x1B[39m"),
        red: f("\x1B[31m", "\x1B[39m"),
        green: f("\x1B[32m", "\x1B[39m"),
        yellow: f("\x1B[33m", "\x1B[39m"),
        blue: f("\x1B[34m", "\x1B[39m"),
        magenta: f("\x1B[35m", "\x1B[39m"),
        cyan: f("\x1B[36m", "\x1B[39m"),
        white: f("\x1B[37m", "\x1B[39m"),
        gray: f("\x1B[90m", "\x1B[39m"),
        bgBlack: f("\x1B[40m", "\x1B[49m"),
        bgRed: f("\x1B[41m", "\x1B[49m"),
        bgGreen: f("\x1B[42m", "\x1B[49m"),
        bgYellow: f("\x1B[43m", "\x1B[49m"),
        bgBlue: f("\x1B[44m", "\x1B[49m"),
        bgMagenta: f("\x1B[45m", "\x1B[49m"),
        bgCyan: f("\x1B[46m", "\x1B[49m"),
        bgWhite: f("\x1B[47m", "\x1B[49m"),
        blackBright: f("\x1B[90m", "\x1B[39m"),
        redBright: f("\x1B[91m", "\x1B[39m"),
        greenBright: f("\x1B[92m", "\x1B[39m"),
        yellowBright: f("\x1B[93m", "\x1B[39m"),
        blueBright: f("\x1B[94m", "\x1B[39m"),
        magentaBright: f("\x1B[95m", "\x1B[39m"),
        cyanBright: f("\x1B[96m", "\x1B[39m"),
        whiteBright: f("\x1B[97m", "\x1B[39m"),
        bgBlackBright: f("\x1B[100m", "\x1B[49m"),
        bgRedBright: f("\x1B[101m", "\x1B[49m"),
        bgGreenBright: f("\x1B[102m", "\x1B[49m"),
        bgYellowBright: f("\x1B[103m", "\x1B[49m"),
        bgBlueBright: f("\x1B[104m", "\x1B[49m"),
        bgMagentaBright: f("\x1B[105m", "\x1B[49m"),
        bgCyanBright: f("\x1B[106m", "\x1B[49m"),
        bgWhiteBright: f("\x1B[107m", "\x1B[49m")
      };
    };
    module.exports = createColors();
    module.exports.createColors = createColors;
  }
});

// node_modules/commander/lib/error.js
var require_error = __commonJS({
  "node_modules/commander/lib/error.js"(exports) {
    var CommanderError2 = class extends Error {
      /**
       * Constructs the CommanderError class
       * @param {number} exitCode suggested exit code which could be used with process.exit
       * @param {string} code an id string representing the error
       * @param {string} message human-readable description of the error
       */
      constructor(exitCode, code, message) {
        super(message);
        Error.captureStackTrace(this, this.constructor);
        this.name = this.constructor.name;
        this.code = code;
        this.exitCode = exitCode;
        this.nestedError = void 0;
      }
    };
    var InvalidArgumentError2 = class extends CommanderError2 {
      /**
       * Constructs the InvalidArgumentError class
       * @param {string} [message] explanation of why argument is invalid
       */
      constructor(message) {
        super(1, "commander.invalidArgument", message);
        Error.captureStackTrace(this, this.constructor);
        this.name = this.constructor.name;
      }
    };
    exports.CommanderError = CommanderError2;
    exports.InvalidArgumentError = InvalidArgumentError2;
  }
});

// node_modules/commander/lib/argument.js
var require_argument = __commonJS({
  "node_modules/commander/lib/argument.js"(exports) {
    var { InvalidArgumentError: InvalidArgumentError2 } = require_error();
    var Argument2 = class {
      /**
       * Initialize a new command argument with the given name and description.
       * The default is that the argument is required, and you can explicitly
       * indicate this with <> around the name. Put [] around the name for an optional argument.
       *
       * @param {string} name
       * @param {string} [description]
       */
      constructor(name, description) {
        this.description = description || "";
        this.variadic = false;
        this.parseArg = void 0;
        this.defaultValue = void 0;
        this.defaultValueDescription = void 0;
        this.argChoices = void 0;
        switch (name[0]) {
          case "<":
            this.required = true;
            this._name = name.slice(1, -1);
            break;
          case "[":
            this.required = false;
            this._name = name.slice(1, -1);
            break;
          default:
            this.required = true;
            this._name = name;
            break;
        }
        if (this._name.endsWith("...")) {
          this.variadic = true;
          this._name = this._name.slice(0, -3);
        }
      }
      /**
       * Return argument name.
       *
       * @return {string}
       */
      name() {
        return this._name;
      }
      /**
       * @package
       */
      _collectValue(value, previous) {
        if (previous === this.defaultValue || !Array.isArray(previous)) {
          return [value];
        }
        previous.push(value);
        return previous;
      }
      /**
       * Set the default value, and optionally supply the description to be displayed in the help.
       *
       * @param {*} value
       * @param {string} [description]
       * @return {Argument}
       */
      default(value, description) {
        this.defaultValue = value;
        this.defaultValueDescription = description;
        return this;
      }
      /**
       * Set the custom handler for processing CLI command arguments into argument values.
       *
       * @param {Function} [fn]
       * @return {Argument}
       */
      argParser(fn) {
        this.parseArg = fn;
        return this;
      }
      /**
       * Only allow argument value to be one of choices.
       *
       * @param {string[]} values
       * @return {Argument}
       */
      choices(values) {
        this.argChoices = values.slice();
        this.parseArg = (arg, previous) => {
          if (!this.argChoices.includes(arg)) {
            throw new InvalidArgumentError2(
              `Allowed choices are ${this.argChoices.join(", ")}.`
            );
          }
          if (this.variadic) {
            return this._collectValue(arg, previous);
          }
          return arg;
        };
        return this;
      }
      /**
       * Make argument required.
       *
       * @returns {Argument}
       */
      argRequired() {
        this.required = true;
        return this;
      }
      /**
       * Make argument optional.
       *
       * @returns {Argument}
       */
      argOptional() {
        this.required = false;
        return this;
      }
    };
    function humanReadableArgName(arg) {
      const nameOutput = arg.name() + (arg.variadic === true ? "..." : "");
      return arg.required ? "<" + nameOutput + ">" : "[" + nameOutput + "]";
    }
    exports.Argument = Argument2;
    exports.humanReadableArgName = humanReadableArgName;
  }
});

// node_modules/commander/lib/help.js
var require_help = __commonJS({
  "node_modules/commander/lib/help.js"(exports) {
    var { humanReadableArgName } = require_argument();
    var Help2 = class {
      constructor() {
        this.helpWidth = void 0;
        this.minWidthToWrap = 40;
        this.sortSubcommands = false;
        this.sortOptions = false;
        this.showGlobalOptions = false;
      }
      /**
       * prepareContext is called by Commander after applying overrides from `Command.configureHelp()`
       * and just before calling `formatHelp()`.
       *
       * Commander just uses the helpWidth and the rest is provided for optional use by more complex subclasses.
       *
       * @param {{ error?: boolean, helpWidth?: number, outputHasColors?: boolean }} contextOptions
       */
      prepareContext(contextOptions) {
        this.helpWidth = this.helpWidth ?? contextOptions.helpWidth ?? 80;
      }
      /**
       * Get an array of the visible subcommands. Includes a placeholder for the implicit help command, if there is one.
       *
       * @param {Command} cmd
       * @returns {Command[]}
       */
      visibleCommands(cmd) {
        const visibleCommands = cmd.commands.filter((cmd2) => !cmd2._hidden);
        const helpCommand2 = cmd._getHelpCommand();
        if (helpCommand2 && !helpCommand2._hidden) {
          visibleCommands.push(helpCommand2);
        }
        if (this.sortSubcommands) {
          visibleCommands.sort((a, b) => {
            return a.name().localeCompare(b.name());
          });
        }
        return visibleCommands;
      }
      /**
       * Compare options for sort.
       *
       * @param {Option} a
       * @param {Option} b
       * @returns {number}
       */
      compareOptions(a, b) {
        const getSortKey = (option) => {
          return option.short ? option.short.replace(/^-/, "") : option.long.replace(/^--/, "");
        };
        return getSortKey(a).localeCompare(getSortKey(b));
      }
      /**
       * Get an array of the visible options. Includes a placeholder for the implicit help option, if there is one.
       *
       * @param {Command} cmd
       * @returns {Option[]}
       */
      visibleOptions(cmd) {
        const visibleOptions = cmd.options.filter((option) => !option.hidden);
        const helpOption = cmd._getHelpOption();
        if (helpOption && !helpOption.hidden) {
          const removeShort = helpOption.short && cmd._findOption(helpOption.short);
          const removeLong = helpOption.long && cmd._findOption(helpOption.long);
          if (!removeShort && !removeLong) {
            visibleOptions.push(helpOption);
          } else if (helpOption.long && !removeLong) {
            visibleOptions.push(
              cmd.createOption(helpOption.long, helpOption.description)
            );
          } else if (helpOption.short && !removeShort) {
            visibleOptions.push(
              cmd.createOption(helpOption.short, helpOption.description)
            );
          }
        }
        if (this.sortOptions) {
          visibleOptions.sort(this.compareOptions);
        }
        return visibleOptions;
      }
      /**
       * Get an array of the visible global options. (Not including help.)
       *
       * @param {Command} cmd
       * @returns {Option[]}
       */
      visibleGlobalOptions(cmd) {
        if (!this.showGlobalOptions) return [];
        const globalOptions = [];
        for (let ancestorCmd = cmd.parent; ancestorCmd; ancestorCmd = ancestorCmd.parent) {
          const visibleOptions = ancestorCmd.options.filter(
            (option) => !option.hidden
          );
          globalOptions.push(...visibleOptions);
        }
        if (this.sortOptions) {
          globalOptions.sort(this.compareOptions);
        }
        return globalOptions;
      }
      /**
       * Get an array of the arguments if any have a description.
       *
       * @param {Command} cmd
       * @returns {Argument[]}
       */
      visibleArguments(cmd) {
        if (cmd._argsDescription) {
          cmd.registeredArguments.forEach((argument) => {
            argument.description = argument.description || cmd._argsDescription[argument.name()] || "";
          });
        }
        if (cmd.registeredArguments.find((argument) => argument.description)) {
          return cmd.registeredArguments;
        }
        return [];
      }
      /**
       * Get the command term to show in the list of subcommands.
       *
       * @param {Command} cmd
       * @returns {string}
       */
      subcommandTerm(cmd) {
        const args = cmd.registeredArguments.map((arg) => humanReadableArgName(arg)).join(" ");
        return cmd._name + (cmd._aliases[0] ? "|" + cmd._aliases[0] : "") + (cmd.options.length ? " [options]" : "") + // simplistic check for non-help option
        (args ? " " + args : "");
      }
      /**
       * Get the option term to show in the list of options.
       *
       * @param {Option} option
       * @returns {string}
       */
      optionTerm(option) {
        return option.flags;
      }
      /**
       * Get the argument term to show in the list of arguments.
       *
       * @param {Argument} argument
       * @returns {string}
       */
      argumentTerm(argument) {
        return argument.name();
      }
      /**
       * Get the longest command term length.
       *
       * @param {Command} cmd
       * @param {Help} helper
       * @returns {number}
       */
      longestSubcommandTermLength(cmd, helper) {
        return helper.visibleCommands(cmd).reduce((max2, command) => {
          return Math.max(
            max2,
            this.displayWidth(
              helper.styleSubcommandTerm(helper.subcommandTerm(command))
            )
          );
        }, 0);
      }
      /**
       * Get the longest option term length.
       *
       * @param {Command} cmd
       * @param {Help} helper
       * @returns {number}
       */
      longestOptionTermLength(cmd, helper) {
        return helper.visibleOptions(cmd).reduce((max2, option) => {
          return Math.max(
            max2,
            this.displayWidth(helper.styleOptionTerm(helper.optionTerm(option)))
          );
        }, 0);
      }
      /**
       * Get the longest global option term length.
       *
       * @param {Command} cmd
       * @param {Help} helper
       * @returns {number}
       */
      longestGlobalOptionTermLength(cmd, helper) {
        return helper.visibleGlobalOptions(cmd).reduce((max2, option) => {
          return Math.max(
            max2,
            this.displayWidth(helper.styleOptionTerm(helper.optionTerm(option)))
          );
        }, 0);
      }
      /**
       * Get the longest argument term length.
       *
       * @param {Command} cmd
       * @param {Help} helper
       * @returns {number}
       */
      longestArgumentTermLength(cmd, helper) {
        return helper.visibleArguments(cmd).reduce((max2, argument) => {
          return Math.max(
            max2,
            this.displayWidth(
              helper.styleArgumentTerm(helper.argumentTerm(argument))
            )
          );
        }, 0);
      }
      /**
       * Get the command usage to be displayed at the top of the built-in help.
       *
       * @param {Command} cmd
       * @returns {string}
       */
      commandUsage(cmd) {
        let cmdName = cmd._name;
        if (cmd._aliases[0]) {
          cmdName = cmdName + "|" + cmd._aliases[0];
        }
        let ancestorCmdNames = "";
        for (let ancestorCmd = cmd.parent; ancestorCmd; ancestorCmd = ancestorCmd.parent) {
          ancestorCmdNames = ancestorCmd.name() + " " + ancestorCmdNames;
        }
        return ancestorCmdNames + cmdName + " " + cmd.usage();
      }
      /**
       * Get the description for the command.
       *
       * @param {Command} cmd
       * @returns {string}
       */
      commandDescription(cmd) {
        return cmd.description();
      }
      /**
       * Get the subcommand summary to show in the list of subcommands.
       * (Fallback to description for backwards compatibility.)
       *
       * @param {Command} cmd
       * @returns {string}
       */
      subcommandDescription(cmd) {
        return cmd.summary() || cmd.description();
      }
      /**
       * Get the option description to show in the list of options.
       *
       * @param {Option} option
       * @return {string}
       */
      optionDescription(option) {
        const extraInfo = [];
        if (option.argChoices) {
          extraInfo.push(
            // use stringify to match the display of the default value
            `choices: ${option.argChoices.map((choice) => JSON.stringify(choice)).join(", ")}`
          );
        }
        if (option.defaultValue !== void 0) {
          const showDefault = option.required || option.optional || option.isBoolean() && typeof option.defaultValue === "boolean";
          if (showDefault) {
            extraInfo.push(
              `default: ${option.defaultValueDescription || JSON.stringify(option.defaultValue)}`
            );
          }
        }
        if (option.presetArg !== void 0 && option.optional) {
          extraInfo.push(`preset: ${JSON.stringify(option.presetArg)}`);
        }
        if (option.envVar !== void 0) {
          extraInfo.push(`env: ${option.envVar}`);
        }
        if (extraInfo.length > 0) {
          const extraDescription = `(${extraInfo.join(", ")})`;
          if (option.description) {
            return `${option.description} ${extraDescription}`;
          }
          return extraDescription;
        }
        return option.description;
      }
      /**
       * Get the argument description to show in the list of arguments.
       *
       * @param {Argument} argument
       * @return {string}
       */
      argumentDescription(argument) {
        const extraInfo = [];
        if (argument.argChoices) {
          extraInfo.push(
            // use stringify to match the display of the default value
            `choices: ${argument.argChoices.map((choice) => JSON.stringify(choice)).join(", ")}`
          );
        }
        if (argument.defaultValue !== void 0) {
          extraInfo.push(
            `default: ${argument.defaultValueDescription || JSON.stringify(argument.defaultValue)}`
          );
        }
        if (extraInfo.length > 0) {
          const extraDescription = `(${extraInfo.join(", ")})`;
          if (argument.description) {
            return `${argument.description} ${extraDescription}`;
          }
          return extraDescription;
        }
        return argument.description;
      }
      /**
       * Format a list of items, given a heading and an array of formatted items.
       *
       * @param {string} heading
       * @param {string[]} items
       * @param {Help} helper
       * @returns string[]
       */
      formatItemList(heading, items, helper) {
        if (items.length === 0) return [];
        return [helper.styleTitle(heading), ...items, ""];
      }
      /**
       * Group items by their help group heading.
       *
       * @param {Command[] | Option[]} unsortedItems
       * @param {Command[] | Option[]} visibleItems
       * @param {Function} getGroup
       * @returns {Map<string, Command[] | Option[]>}
       */
      groupItems(unsortedItems, visibleItems, getGroup) {
        const result = /* @__PURE__ */ new Map();
        unsortedItems.forEach((item) => {
          const group = getGroup(item);
          if (!result.has(group)) result.set(group, []);
        });
        visibleItems.forEach((item) => {
          const group = getGroup(item);
          if (!result.has(group)) {
            result.set(group, []);
          }
          result.get(group).push(item);
        });
        return result;
      }
      /**
       * Generate the built-in help text.
       *
       * @param {Command} cmd
       * @param {Help} helper
       * @returns {string}
       */
      formatHelp(cmd, helper) {
        const termWidth = helper.padWidth(cmd, helper);
        const helpWidth = helper.helpWidth ?? 80;
        function callFormatItem(term, description) {
          return helper.formatItem(term, termWidth, description, helper);
        }
        let output = [
          `${helper.styleTitle("Usage:")} ${helper.styleUsage(helper.commandUsage(cmd))}`,
          ""
        ];
        const commandDescription = helper.commandDescription(cmd);
        if (commandDescription.length > 0) {
          output = output.concat([
            helper.boxWrap(
              helper.styleCommandDescription(commandDescription),
              helpWidth
            ),
            ""
          ]);
        }
        const argumentList = helper.visibleArguments(cmd).map((argument) => {
          return callFormatItem(
            helper.styleArgumentTerm(helper.argumentTerm(argument)),
            helper.styleArgumentDescription(helper.argumentDescription(argument))
          );
        });
        output = output.concat(
          this.formatItemList("Arguments:", argumentList, helper)
        );
        const optionGroups = this.groupItems(
          cmd.options,
          helper.visibleOptions(cmd),
          (option) => option.helpGroupHeading ?? "Options:"
        );
        optionGroups.forEach((options, group) => {
          const optionList = options.map((option) => {
            return callFormatItem(
              helper.styleOptionTerm(helper.optionTerm(option)),
              helper.styleOptionDescription(helper.optionDescription(option))
            );
          });
          output = output.concat(this.formatItemList(group, optionList, helper));
        });
        if (helper.showGlobalOptions) {
          const globalOptionList = helper.visibleGlobalOptions(cmd).map((option) => {
            return callFormatItem(
              helper.styleOptionTerm(helper.optionTerm(option)),
              helper.styleOptionDescription(helper.optionDescription(option))
            );
          });
          output = output.concat(
            this.formatItemList("Global Options:", globalOptionList, helper)
          );
        }
        const commandGroups = this.groupItems(
          cmd.commands,
          helper.visibleCommands(cmd),
          (sub) => sub.helpGroup() || "Commands:"
        );
        commandGroups.forEach((commands, group) => {
          const commandList = commands.map((sub) => {
            return callFormatItem(
              helper.styleSubcommandTerm(helper.subcommandTerm(sub)),
              helper.styleSubcommandDescription(helper.subcommandDescription(sub))
            );
          });
          output = output.concat(this.formatItemList(group, commandList, helper));
        });
        return output.join("\n");
      }
      /**
       * Return display width of string, ignoring ANSI escape sequences. Used in padding and wrapping calculations.
       *
       * @param {string} str
       * @returns {number}
       */
      displayWidth(str) {
        return stripColor(str).length;
      }
      /**
       * Style the title for displaying in the help. Called with 'Usage:', 'Options:', etc.
       *
       * @param {string} str
       * @returns {string}
       */
      styleTitle(str) {
        return str;
      }
      styleUsage(str) {
        return str.split(" ").map((word) => {
          if (word === "[options]") return this.styleOptionText(word);
          if (word === "[command]") return this.styleSubcommandText(word);
          if (word[0] === "[" || word[0] === "<")
            return this.styleArgumentText(word);
          return this.styleCommandText(word);
        }).join(" ");
      }
      styleCommandDescription(str) {
        return this.styleDescriptionText(str);
      }
      styleOptionDescription(str) {
        return this.styleDescriptionText(str);
      }
      styleSubcommandDescription(str) {
        return this.styleDescriptionText(str);
      }
      styleArgumentDescription(str) {
        return this.styleDescriptionText(str);
      }
      styleDescriptionText(str) {
        return str;
      }
      styleOptionTerm(str) {
        return this.styleOptionText(str);
      }
      styleSubcommandTerm(str) {
        return str.split(" ").map((word) => {
          if (word === "[options]") return this.styleOptionText(word);
          if (word[0] === "[" || word[0] === "<")
            return this.styleArgumentText(word);
          return this.styleSubcommandText(word);
        }).join(" ");
      }
      styleArgumentTerm(str) {
        return this.styleArgumentText(str);
      }
      styleOptionText(str) {
        return str;
      }
      styleArgumentText(str) {
        return str;
      }
      styleSubcommandText(str) {
        return str;
      }
      styleCommandText(str) {
        return str;
      }
      /**
       * Calculate the pad width from the maximum term length.
       *
       * @param {Command} cmd
       * @param {Help} helper
       * @returns {number}
       */
      padWidth(cmd, helper) {
        return Math.max(
          helper.longestOptionTermLength(cmd, helper),
          helper.longestGlobalOptionTermLength(cmd, helper),
          helper.longestSubcommandTermLength(cmd, helper),
          helper.longestArgumentTermLength(cmd, helper)
        );
      }
      /**
       * Detect manually wrapped and indented strings by checking for line break followed by whitespace.
       *
       * @param {string} str
       * @returns {boolean}
       */
      preformatted(str) {
        return /\n[^\S\r\n]/.test(str);
      }
      /**
       * Format the "item", which consists of a term and description. Pad the term and wrap the description, indenting the following lines.
       *
       * So "TTT", 5, "DDD DDDD DD DDD" might be formatted for this.helpWidth=17 like so:
       *   TTT  DDD DDDD
       *        DD DDD
       *
       * @param {string} term
       * @param {number} termWidth
       * @param {string} description
       * @param {Help} helper
       * @returns {string}
       */
      formatItem(term, termWidth, description, helper) {
        const itemIndent = 2;
        const itemIndentStr = " ".repeat(itemIndent);
        if (!description) return itemIndentStr + term;
        const paddedTerm = term.padEnd(
          termWidth + term.length - helper.displayWidth(term)
        );
        const spacerWidth = 2;
        const helpWidth = this.helpWidth ?? 80;
        const remainingWidth = helpWidth - termWidth - spacerWidth - itemIndent;
        let formattedDescription;
        if (remainingWidth < this.minWidthToWrap || helper.preformatted(description)) {
          formattedDescription = description;
        } else {
          const wrappedDescription = helper.boxWrap(description, remainingWidth);
          formattedDescription = wrappedDescription.replace(
            /\n/g,
            "\n" + " ".repeat(termWidth + spacerWidth)
          );
        }
        return itemIndentStr + paddedTerm + " ".repeat(spacerWidth) + formattedDescription.replace(/\n/g, `
${itemIndentStr}`);
      }
      /**
       * Wrap a string at whitespace, preserving existing line breaks.
       * Wrapping is skipped if the width is less than `minWidthToWrap`.
       *
       * @param {string} str
       * @param {number} width
       * @returns {string}
       */
      boxWrap(str, width) {
        if (width < this.minWidthToWrap) return str;
        const rawLines = str.split(/\r\n|\n/);
        const chunkPattern = /[\s]*[^\s]+/g;
        const wrappedLines = [];
        rawLines.forEach((line2) => {
          const chunks = line2.match(chunkPattern);
          if (chunks === null) {
            wrappedLines.push("");
            return;
          }
          let sumChunks = [chunks.shift()];
          let sumWidth = this.displayWidth(sumChunks[0]);
          chunks.forEach((chunk) => {
            const visibleWidth = this.displayWidth(chunk);
            if (sumWidth + visibleWidth <= width) {
              sumChunks.push(chunk);
              sumWidth += visibleWidth;
              return;
            }
            wrappedLines.push(sumChunks.join(""));
            const nextChunk = chunk.trimStart();
            sumChunks = [nextChunk];
            sumWidth = this.displayWidth(nextChunk);
          });
          wrappedLines.push(sumChunks.join(""));
        });
        return wrappedLines.join("\n");
      }
    };
    function stripColor(str) {
      const sgrPattern = /\x1b\[\d*(;\d*)*m/g;
      return str.replace(sgrPattern, "");
    }
    exports.Help = Help2;
    exports.stripColor = stripColor;
  }
});

// node_modules/commander/lib/option.js
var require_option = __commonJS({
  "node_modules/commander/lib/option.js"(exports) {
    var { InvalidArgumentError: InvalidArgumentError2 } = require_error();
    var Option2 = class {
      /**
       * Initialize a new `Option` with the given `flags` and `description`.
       *
       * @param {string} flags
       * @param {string} [description]
       */
      constructor(flags, description) {
        this.flags = flags;
        this.description = description || "";
        this.required = flags.includes("<");
        this.optional = flags.includes("[");
        this.variadic = /\w\.\.\.[>\]]$/.test(flags);
        this.mandatory = false;
        const optionFlags = splitOptionFlags(flags);
        this.short = optionFlags.shortFlag;
        this.long = optionFlags.longFlag;
        this.negate = false;
        if (this.long) {
          this.negate = this.long.startsWith("--no-");
        }
        this.defaultValue = void 0;
        this.defaultValueDescription = void 0;
        this.presetArg = void 0;
        this.envVar = void 0;
        this.parseArg = void 0;
        this.hidden = false;
        this.argChoices = void 0;
        this.conflictsWith = [];
        this.implied = void 0;
        this.helpGroupHeading = void 0;
      }
      /**
       * Set the default value, and optionally supply the description to be displayed in the help.
       *
       * @param {*} value
       * @param {string} [description]
       * @return {Option}
       */
      default(value, description) {
        this.defaultValue = value;
        this.defaultValueDescription = description;
        return this;
      }
      /**
       * Preset to use when option used without option-argument, especially optional but also boolean and negated.
       * The custom processing (parseArg) is called.
       *
       * @example
       * new Option('--color').default('GREYSCALE').preset('RGB');
       * new Option('--donate [amount]').preset('20').argParser(parseFloat);
       *
       * @param {*} arg
       * @return {Option}
       */
      preset(arg) {
        this.presetArg = arg;
        return this;
      }
      /**
       * Add option name(s) that conflict with this option.
       * An error will be displayed if conflicting options are found during parsing.
       *
       * @example
       * new Option('--rgb').conflicts('cmyk');
       * new Option('--js').conflicts(['ts', 'jsx']);
       *
       * @param {(string | string[])} names
       * @return {Option}
       */
      conflicts(names) {
        this.conflictsWith = this.conflictsWith.concat(names);
        return this;
      }
      /**
       * Specify implied option values for when this option is set and the implied options are not.
       *
       * The custom processing (parseArg) is not called on the implied values.
       *
       * @example
       * program
       *   .addOption(new Option('--log', 'write logging information to file'))
       *   .addOption(new Option('--trace', 'log extra details').implies({ log: 'trace.txt' }));
       *
       * @param {object} impliedOptionValues
       * @return {Option}
       */
      implies(impliedOptionValues) {
        let newImplied = impliedOptionValues;
        if (typeof impliedOptionValues === "string") {
          newImplied = { [impliedOptionValues]: true };
        }
        this.implied = Object.assign(this.implied || {}, newImplied);
        return this;
      }
      /**
       * Set environment variable to check for option value.
       *
       * An environment variable is only used if when processed the current option value is
       * undefined, or the source of the current value is 'default' or 'config' or 'env'.
       *
       * @param {string} name
       * @return {Option}
       */
      env(name) {
        this.envVar = name;
        return this;
      }
      /**
       * Set the custom handler for processing CLI option arguments into option values.
       *
       * @param {Function} [fn]
       * @return {Option}
       */
      argParser(fn) {
        this.parseArg = fn;
        return this;
      }
      /**
       * Whether the option is mandatory and must have a value after parsing.
       *
       * @param {boolean} [mandatory=true]
       * @return {Option}
       */
      makeOptionMandatory(mandatory = true) {
        this.mandatory = !!mandatory;
        return this;
      }
      /**
       * Hide option in help.
       *
       * @param {boolean} [hide=true]
       * @return {Option}
       */
      hideHelp(hide = true) {
        this.hidden = !!hide;
        return this;
      }
      /**
       * @package
       */
      _collectValue(value, previous) {
        if (previous === this.defaultValue || !Array.isArray(previous)) {
          return [value];
        }
        previous.push(value);
        return previous;
      }
      /**
       * Only allow option value to be one of choices.
       *
       * @param {string[]} values
       * @return {Option}
       */
      choices(values) {
        this.argChoices = values.slice();
        this.parseArg = (arg, previous) => {
          if (!this.argChoices.includes(arg)) {
            throw new InvalidArgumentError2(
              `Allowed choices are ${this.argChoices.join(", ")}.`
            );
          }
          if (this.variadic) {
            return this._collectValue(arg, previous);
          }
          return arg;
        };
        return this;
      }
      /**
       * Return option name.
       *
       * @return {string}
       */
      name() {
        if (this.long) {
          return this.long.replace(/^--/, "");
        }
        return this.short.replace(/^-/, "");
      }
      /**
       * Return option name, in a camelcase format that can be used
       * as an object attribute key.
       *
       * @return {string}
       */
      attributeName() {
        if (this.negate) {
          return camelcase(this.name().replace(/^no-/, ""));
        }
        return camelcase(this.name());
      }
      /**
       * Set the help group heading.
       *
       * @param {string} heading
       * @return {Option}
       */
      helpGroup(heading) {
        this.helpGroupHeading = heading;
        return this;
      }
      /**
       * Check if `arg` matches the short or long flag.
       *
       * @param {string} arg
       * @return {boolean}
       * @package
       */
      is(arg) {
        return this.short === arg || this.long === arg;
      }
      /**
       * Return whether a boolean option.
       *
       * Options are one of boolean, negated, required argument, or optional argument.
       *
       * @return {boolean}
       * @package
       */
      isBoolean() {
        return !this.required && !this.optional && !this.negate;
      }
    };
    var DualOptions = class {
      /**
       * @param {Option[]} options
       */
      constructor(options) {
        this.positiveOptions = /* @__PURE__ */ new Map();
        this.negativeOptions = /* @__PURE__ */ new Map();
        this.dualOptions = /* @__PURE__ */ new Set();
        options.forEach((option) => {
          if (option.negate) {
            this.negativeOptions.set(option.attributeName(), option);
          } else {
            this.positiveOptions.set(option.attributeName(), option);
          }
        });
        this.negativeOptions.forEach((value, key) => {
          if (this.positiveOptions.has(key)) {
            this.dualOptions.add(key);
          }
        });
      }
      /**
       * Did the value come from the option, and not from possible matching dual option?
       *
       * @param {*} value
       * @param {Option} option
       * @returns {boolean}
       */
      valueFromOption(value, option) {
        const optionKey = option.attributeName();
        if (!this.dualOptions.has(optionKey)) return true;
        const preset = this.negativeOptions.get(optionKey).presetArg;
        const negativeValue = preset !== void 0 ? preset : false;
        return option.negate === (negativeValue === value);
      }
    };
    function camelcase(str) {
      return str.split("-").reduce((str2, word) => {
        return str2 + word[0].toUpperCase() + word.slice(1);
      });
    }
    function splitOptionFlags(flags) {
      let shortFlag;
      let longFlag;
      const shortFlagExp = /^-[^-]$/;
      const longFlagExp = /^--[^-]/;
      const flagParts = flags.split(/[ |,]+/).concat("guard");
      if (shortFlagExp.test(flagParts[0])) shortFlag = flagParts.shift();
      if (longFlagExp.test(flagParts[0])) longFlag = flagParts.shift();
      if (!shortFlag && shortFlagExp.test(flagParts[0]))
        shortFlag = flagParts.shift();
      if (!shortFlag && longFlagExp.test(flagParts[0])) {
        shortFlag = longFlag;
        longFlag = flagParts.shift();
      }
      if (flagParts[0].startsWith("-")) {
        const unsupportedFlag = flagParts[0];
        const baseError = `option creation failed due to '${unsupportedFlag}' in option flags '${flags}'`;
        if (/^-[^-][^-]/.test(unsupportedFlag))
          throw new Error(
            `${baseError}
- a short flag is a single dash and a single character
  - either use a single dash and a single character (for a short flag)
  - or use a double dash for a long option (and can have two, like '--ws, --workspace')`
          );
        if (shortFlagExp.test(unsupportedFlag))
          throw new Error(`${baseError}
- too many short flags`);
        if (longFlagExp.test(unsupportedFlag))
          throw new Error(`${baseError}
- too many long flags`);
        throw new Error(`${baseError}
- unrecognised flag format`);
      }
      if (shortFlag === void 0 && longFlag === void 0)
        throw new Error(
          `option creation failed due to no flags found in '${flags}'.`
        );
      return { shortFlag, longFlag };
    }
    exports.Option = Option2;
    exports.DualOptions = DualOptions;
  }
});

// node_modules/commander/lib/suggestSimilar.js
var require_suggestSimilar = __commonJS({
  "node_modules/commander/lib/suggestSimilar.js"(exports) {
    var maxDistance = 3;
    function editDistance(a, b) {
      if (Math.abs(a.length - b.length) > maxDistance)
        return Math.max(a.length, b.length);
      const d = [];
      for (let i = 0; i <= a.length; i++) {
        d[i] = [i];
      }
      for (let j = 0; j <= b.length; j++) {
        d[0][j] = j;
      }
      for (let j = 1; j <= b.length; j++) {
        for (let i = 1; i <= a.length; i++) {
          let cost = 1;
          if (a[i - 1] === b[j - 1]) {
            cost = 0;
          } else {
            cost = 1;
          }
          d[i][j] = Math.min(
            d[i - 1][j] + 1,
            // deletion
            d[i][j - 1] + 1,
            // insertion
            d[i - 1][j - 1] + cost
            // substitution
          );
          if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
            d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
          }
        }
      }
      return d[a.length][b.length];
    }
    function suggestSimilar(word, candidates2) {
      if (!candidates2 || candidates2.length === 0) return "";
      candidates2 = Array.from(new Set(candidates2));
      const searchingOptions = word.startsWith("--");
      if (searchingOptions) {
        word = word.slice(2);
        candidates2 = candidates2.map((candidate) => candidate.slice(2));
      }
      let similar = [];
      let bestDistance = maxDistance;
      const minSimilarity = 0.4;
      candidates2.forEach((candidate) => {
        if (candidate.length <= 1) return;
        const distance2 = editDistance(word, candidate);
        const length = Math.max(word.length, candidate.length);
        const similarity = (length - distance2) / length;
        if (similarity > minSimilarity) {
          if (distance2 < bestDistance) {
            bestDistance = distance2;
            similar = [candidate];
          } else if (distance2 === bestDistance) {
            similar.push(candidate);
          }
        }
      });
      similar.sort((a, b) => a.localeCompare(b));
      if (searchingOptions) {
        similar = similar.map((candidate) => `--${candidate}`);
      }
      if (similar.length > 1) {
        return `
(Did you mean one of ${similar.join(", ")}?)`;
      }
      if (similar.length === 1) {
        return `
(Did you mean ${similar[0]}?)`;
      }
      return "";
    }
    exports.suggestSimilar = suggestSimilar;
  }
});

// node_modules/commander/lib/command.js
var require_command = __commonJS({
  "node_modules/commander/lib/command.js"(exports) {
    var EventEmitter = __require("node:events").EventEmitter;
    var childProcess = __require("node:child_process");
    var path2 = __require("node:path");
    var fs = __require("node:fs");
    var process4 = __require("node:process");
    var { Argument: Argument2, humanReadableArgName } = require_argument();
    var { CommanderError: CommanderError2 } = require_error();
    var { Help: Help2, stripColor } = require_help();
    var { Option: Option2, DualOptions } = require_option();
    var { suggestSimilar } = require_suggestSimilar();
    var Command2 = class _Command extends EventEmitter {
      /**
       * Initialize a new `Command`.
       *
       * @param {string} [name]
       */
      constructor(name) {
        super();
        this.commands = [];
        this.options = [];
        this.parent = null;
        this._allowUnknownOption = false;
        this._allowExcessArguments = false;
        this.registeredArguments = [];
        this._args = this.registeredArguments;
        this.args = [];
        this.rawArgs = [];
        this.processedArgs = [];
        this._scriptPath = null;
        this._name = name || "";
        this._optionValues = {};
        this._optionValueSources = {};
        this._storeOptionsAsProperties = false;
        this._actionHandler = null;
        this._executableHandler = false;
        this._executableFile = null;
        this._executableDir = null;
        this._defaultCommandName = null;
        this._exitCallback = null;
        this._aliases = [];
        this._combineFlagAndOptionalValue = true;
        this._description = "";
        this._summary = "";
        this._argsDescription = void 0;
        this._enablePositionalOptions = false;
        this._passThroughOptions = false;
        this._lifeCycleHooks = {};
        this._showHelpAfterError = false;
        this._showSuggestionAfterError = true;
        this._savedState = null;
        this._outputConfiguration = {
          writeOut: (str) => process4.stdout.write(str),
          writeErr: (str) => process4.stderr.write(str),
          outputError: (str, write2) => write2(str),
          getOutHelpWidth: () => process4.stdout.isTTY ? process4.stdout.columns : void 0,
          getErrHelpWidth: () => process4.stderr.isTTY ? process4.stderr.columns : void 0,
          getOutHasColors: () => useColor() ?? (process4.stdout.isTTY && process4.stdout.hasColors?.()),
          getErrHasColors: () => useColor() ?? (process4.stderr.isTTY && process4.stderr.hasColors?.()),
          stripColor: (str) => stripColor(str)
        };
        this._hidden = false;
        this._helpOption = void 0;
        this._addImplicitHelpCommand = void 0;
        this._helpCommand = void 0;
        this._helpConfiguration = {};
        this._helpGroupHeading = void 0;
        this._defaultCommandGroup = void 0;
        this._defaultOptionGroup = void 0;
      }
      /**
       * Copy settings that are useful to have in common across root command and subcommands.
       *
       * (Used internally when adding a command using `.command()` so subcommands inherit parent settings.)
       *
       * @param {Command} sourceCommand
       * @return {Command} `this` command for chaining
       */
      copyInheritedSettings(sourceCommand) {
        this._outputConfiguration = sourceCommand._outputConfiguration;
        this._helpOption = sourceCommand._helpOption;
        this._helpCommand = sourceCommand._helpCommand;
        this._helpConfiguration = sourceCommand._helpConfiguration;
        this._exitCallback = sourceCommand._exitCallback;
        this._storeOptionsAsProperties = sourceCommand._storeOptionsAsProperties;
        this._combineFlagAndOptionalValue = sourceCommand._combineFlagAndOptionalValue;
        this._allowExcessArguments = sourceCommand._allowExcessArguments;
        this._enablePositionalOptions = sourceCommand._enablePositionalOptions;
        this._showHelpAfterError = sourceCommand._showHelpAfterError;
        this._showSuggestionAfterError = sourceCommand._showSuggestionAfterError;
        return this;
      }
      /**
       * @returns {Command[]}
       * @private
       */
      _getCommandAndAncestors() {
        const result = [];
        for (let command = this; command; command = command.parent) {
          result.push(command);
        }
        return result;
      }
      /**
       * Define a command.
       *
       * There are two styles of command: pay attention to where to put the description.
       *
       * @example
       * // Command implemented using action handler (description is supplied separately to `.command`)
       * program
       *   .command('clone <source> [destination]')
       *   .description('clone a repository into a newly created directory')
       *   .action((source, destination) => {
       *     console.log('clone command called');
       *   });
       *
       * // Command implemented using separate executable file (description is second parameter to `.command`)
       * program
       *   .command('start <service>', 'start named service')
       *   .command('stop [service]', 'stop named service, or all if no name supplied');
       *
       * @param {string} nameAndArgs - command name and arguments, args are `<required>` or `[optional]` and last may also be `variadic...`
       * @param {(object | string)} [actionOptsOrExecDesc] - configuration options (for action), or description (for executable)
       * @param {object} [execOpts] - configuration options (for executable)
       * @return {Command} returns new command for action handler, or `this` for executable command
       */
      command(nameAndArgs, actionOptsOrExecDesc, execOpts) {
        let desc = actionOptsOrExecDesc;
        let opts = execOpts;
        if (typeof desc === "object" && desc !== null) {
          opts = desc;
          desc = null;
        }
        opts = opts || {};
        const [, name, args] = nameAndArgs.match(/([^ ]+) *(.*)/);
        const cmd = this.createCommand(name);
        if (desc) {
          cmd.description(desc);
          cmd._executableHandler = true;
        }
        if (opts.isDefault) this._defaultCommandName = cmd._name;
        cmd._hidden = !!(opts.noHelp || opts.hidden);
        cmd._executableFile = opts.executableFile || null;
        if (args) cmd.arguments(args);
        this._registerCommand(cmd);
        cmd.parent = this;
        cmd.copyInheritedSettings(this);
        if (desc) return this;
        return cmd;
      }
      /**
       * Factory routine to create a new unattached command.
       *
       * See .command() for creating an attached subcommand, which uses this routine to
       * create the command. You can override createCommand to customise subcommands.
       *
       * @param {string} [name]
       * @return {Command} new command
       */
      createCommand(name) {
        return new _Command(name);
      }
      /**
       * You can customise the help with a subclass of Help by overriding createHelp,
       * or by overriding Help properties using configureHelp().
       *
       * @return {Help}
       */
      createHelp() {
        return Object.assign(new Help2(), this.configureHelp());
      }
      /**
       * You can customise the help by overriding Help properties using configureHelp(),
       * or with a subclass of Help by overriding createHelp().
       *
       * @param {object} [configuration] - configuration options
       * @return {(Command | object)} `this` command for chaining, or stored configuration
       */
      configureHelp(configuration) {
        if (configuration === void 0) return this._helpConfiguration;
        this._helpConfiguration = configuration;
        return this;
      }
      /**
       * The default output goes to stdout and stderr. You can customise this for special
       * applications. You can also customise the display of errors by overriding outputError.
       *
       * The configuration properties are all functions:
       *
       *     // change how output being written, defaults to stdout and stderr
       *     writeOut(str)
       *     writeErr(str)
       *     // change how output being written for errors, defaults to writeErr
       *     outputError(str, write) // used for displaying errors and not used for displaying help
       *     // specify width for wrapping help
       *     getOutHelpWidth()
       *     getErrHelpWidth()
       *     // color support, currently only used with Help
       *     getOutHasColors()
       *     getErrHasColors()
       *     stripColor() // used to remove ANSI escape codes if output does not have colors
       *
       * @param {object} [configuration] - configuration options
       * @return {(Command | object)} `this` command for chaining, or stored configuration
       */
      configureOutput(configuration) {
        if (configuration === void 0) return this._outputConfiguration;
        this._outputConfiguration = {
          ...this._outputConfiguration,
          ...configuration
        };
        return this;
      }
      /**
       * Display the help or a custom message after an error occurs.
       *
       * @param {(boolean|string)} [displayHelp]
       * @return {Command} `this` command for chaining
       */
      showHelpAfterError(displayHelp = true) {
        if (typeof displayHelp !== "string") displayHelp = !!displayHelp;
        this._showHelpAfterError = displayHelp;
        return this;
      }
      /**
       * Display suggestion of similar commands for unknown commands, or options for unknown options.
       *
       * @param {boolean} [displaySuggestion]
       * @return {Command} `this` command for chaining
       */
      showSuggestionAfterError(displaySuggestion = true) {
        this._showSuggestionAfterError = !!displaySuggestion;
        return this;
      }
      /**
       * Add a prepared subcommand.
       *
       * See .command() for creating an attached subcommand which inherits settings from its parent.
       *
       * @param {Command} cmd - new subcommand
       * @param {object} [opts] - configuration options
       * @return {Command} `this` command for chaining
       */
      addCommand(cmd, opts) {
        if (!cmd._name) {
          throw new Error(`Command passed to .addCommand() must have a name
- specify the name in Command constructor or using .name()`);
        }
        opts = opts || {};
        if (opts.isDefault) this._defaultCommandName = cmd._name;
        if (opts.noHelp || opts.hidden) cmd._hidden = true;
        this._registerCommand(cmd);
        cmd.parent = this;
        cmd._checkForBrokenPassThrough();
        return this;
      }
      /**
       * Factory routine to create a new unattached argument.
       *
       * See .argument() for creating an attached argument, which uses this routine to
       * create the argument. You can override createArgument to return a custom argument.
       *
       * @param {string} name
       * @param {string} [description]
       * @return {Argument} new argument
       */
      createArgument(name, description) {
        return new Argument2(name, description);
      }
      /**
       * Define argument syntax for command.
       *
       * The default is that the argument is required, and you can explicitly
       * indicate this with <> around the name. Put [] around the name for an optional argument.
       *
       * @example
       * program.argument('<input-file>');
       * program.argument('[output-file]');
       *
       * @param {string} name
       * @param {string} [description]
       * @param {(Function|*)} [parseArg] - custom argument processing function or default value
       * @param {*} [defaultValue]
       * @return {Command} `this` command for chaining
       */
      argument(name, description, parseArg, defaultValue) {
        const argument = this.createArgument(name, description);
        if (typeof parseArg === "function") {
          argument.default(defaultValue).argParser(parseArg);
        } else {
          argument.default(parseArg);
        }
        this.addArgument(argument);
        return this;
      }
      /**
       * Define argument syntax for command, adding multiple at once (without descriptions).
       *
       * See also .argument().
       *
       * @example
       * program.arguments('<cmd> [env]');
       *
       * @param {string} names
       * @return {Command} `this` command for chaining
       */
      arguments(names) {
        names.trim().split(/ +/).forEach((detail) => {
          this.argument(detail);
        });
        return this;
      }
      /**
       * Define argument syntax for command, adding a prepared argument.
       *
       * @param {Argument} argument
       * @return {Command} `this` command for chaining
       */
      addArgument(argument) {
        const previousArgument = this.registeredArguments.slice(-1)[0];
        if (previousArgument?.variadic) {
          throw new Error(
            `only the last argument can be variadic '${previousArgument.name()}'`
          );
        }
        if (argument.required && argument.defaultValue !== void 0 && argument.parseArg === void 0) {
          throw new Error(
            `a default value for a required argument is never used: '${argument.name()}'`
          );
        }
        this.registeredArguments.push(argument);
        return this;
      }
      /**
       * Customise or override default help command. By default a help command is automatically added if your command has subcommands.
       *
       * @example
       *    program.helpCommand('help [cmd]');
       *    program.helpCommand('help [cmd]', 'show help');
       *    program.helpCommand(false); // suppress default help command
       *    program.helpCommand(true); // add help command even if no subcommands
       *
       * @param {string|boolean} enableOrNameAndArgs - enable with custom name and/or arguments, or boolean to override whether added
       * @param {string} [description] - custom description
       * @return {Command} `this` command for chaining
       */
      helpCommand(enableOrNameAndArgs, description) {
        if (typeof enableOrNameAndArgs === "boolean") {
          this._addImplicitHelpCommand = enableOrNameAndArgs;
          if (enableOrNameAndArgs && this._defaultCommandGroup) {
            this._initCommandGroup(this._getHelpCommand());
          }
          return this;
        }
        const nameAndArgs = enableOrNameAndArgs ?? "help [command]";
        const [, helpName, helpArgs] = nameAndArgs.match(/([^ ]+) *(.*)/);
        const helpDescription = description ?? "display help for command";
        const helpCommand2 = this.createCommand(helpName);
        helpCommand2.helpOption(false);
        if (helpArgs) helpCommand2.arguments(helpArgs);
        if (helpDescription) helpCommand2.description(helpDescription);
        this._addImplicitHelpCommand = true;
        this._helpCommand = helpCommand2;
        if (enableOrNameAndArgs || description) this._initCommandGroup(helpCommand2);
        return this;
      }
      /**
       * Add prepared custom help command.
       *
       * @param {(Command|string|boolean)} helpCommand - custom help command, or deprecated enableOrNameAndArgs as for `.helpCommand()`
       * @param {string} [deprecatedDescription] - deprecated custom description used with custom name only
       * @return {Command} `this` command for chaining
       */
      addHelpCommand(helpCommand2, deprecatedDescription) {
        if (typeof helpCommand2 !== "object") {
          this.helpCommand(helpCommand2, deprecatedDescription);
          return this;
        }
        this._addImplicitHelpCommand = true;
        this._helpCommand = helpCommand2;
        this._initCommandGroup(helpCommand2);
        return this;
      }
      /**
       * Lazy create help command.
       *
       * @return {(Command|null)}
       * @package
       */
      _getHelpCommand() {
        const hasImplicitHelpCommand = this._addImplicitHelpCommand ?? (this.commands.length && !this._actionHandler && !this._findCommand("help"));
        if (hasImplicitHelpCommand) {
          if (this._helpCommand === void 0) {
            this.helpCommand(void 0, void 0);
          }
          return this._helpCommand;
        }
        return null;
      }
      /**
       * Add hook for life cycle event.
       *
       * @param {string} event
       * @param {Function} listener
       * @return {Command} `this` command for chaining
       */
      hook(event, listener) {
        const allowedValues = ["preSubcommand", "preAction", "postAction"];
        if (!allowedValues.includes(event)) {
          throw new Error(`Unexpected value for event passed to hook : '${event}'.
Expecting one of '${allowedValues.join("', '")}'`);
        }
        if (this._lifeCycleHooks[event]) {
          this._lifeCycleHooks[event].push(listener);
        } else {
          this._lifeCycleHooks[event] = [listener];
        }
        return this;
      }
      /**
       * Register callback to use as replacement for calling process.exit.
       *
       * @param {Function} [fn] optional callback which will be passed a CommanderError, defaults to throwing
       * @return {Command} `this` command for chaining
       */
      exitOverride(fn) {
        if (fn) {
          this._exitCallback = fn;
        } else {
          this._exitCallback = (err) => {
            if (err.code !== "commander.executeSubCommandAsync") {
              throw err;
            } else {
            }
          };
        }
        return this;
      }
      /**
       * Call process.exit, and _exitCallback if defined.
       *
       * @param {number} exitCode exit code for using with process.exit
       * @param {string} code an id string representing the error
       * @param {string} message human-readable description of the error
       * @return never
       * @private
       */
      _exit(exitCode, code, message) {
        if (this._exitCallback) {
          this._exitCallback(new CommanderError2(exitCode, code, message));
        }
        process4.exit(exitCode);
      }
      /**
       * Register callback `fn` for the command.
       *
       * @example
       * program
       *   .command('serve')
       *   .description('start service')
       *   .action(function() {
       *      // do work here
       *   });
       *
       * @param {Function} fn
       * @return {Command} `this` command for chaining
       */
      action(fn) {
        const listener = (args) => {
          const expectedArgsCount = this.registeredArguments.length;
          const actionArgs = args.slice(0, expectedArgsCount);
          if (this._storeOptionsAsProperties) {
            actionArgs[expectedArgsCount] = this;
          } else {
            actionArgs[expectedArgsCount] = this.opts();
          }
          actionArgs.push(this);
          return fn.apply(this, actionArgs);
        };
        this._actionHandler = listener;
        return this;
      }
      /**
       * Factory routine to create a new unattached option.
       *
       * See .option() for creating an attached option, which uses this routine to
       * create the option. You can override createOption to return a custom option.
       *
       * @param {string} flags
       * @param {string} [description]
       * @return {Option} new option
       */
      createOption(flags, description) {
        return new Option2(flags, description);
      }
      /**
       * Wrap parseArgs to catch 'commander.invalidArgument'.
       *
       * @param {(Option | Argument)} target
       * @param {string} value
       * @param {*} previous
       * @param {string} invalidArgumentMessage
       * @private
       */
      _callParseArg(target, value, previous, invalidArgumentMessage) {
        try {
          return target.parseArg(value, previous);
        } catch (err) {
          if (err.code === "commander.invalidArgument") {
            const message = `${invalidArgumentMessage} ${err.message}`;
            this.error(message, { exitCode: err.exitCode, code: err.code });
          }
          throw err;
        }
      }
      /**
       * Check for option flag conflicts.
       * Register option if no conflicts found, or throw on conflict.
       *
       * @param {Option} option
       * @private
       */
      _registerOption(option) {
        const matchingOption = option.short && this._findOption(option.short) || option.long && this._findOption(option.long);
        if (matchingOption) {
          const matchingFlag = option.long && this._findOption(option.long) ? option.long : option.short;
          throw new Error(`Cannot add option '${option.flags}'${this._name && ` to command '${this._name}'`} due to conflicting flag '${matchingFlag}'
-  already used by option '${matchingOption.flags}'`);
        }
        this._initOptionGroup(option);
        this.options.push(option);
      }
      /**
       * Check for command name and alias conflicts with existing commands.
       * Register command if no conflicts found, or throw on conflict.
       *
       * @param {Command} command
       * @private
       */
      _registerCommand(command) {
        const knownBy = (cmd) => {
          return [cmd.name()].concat(cmd.aliases());
        };
        const alreadyUsed = knownBy(command).find(
          (name) => this._findCommand(name)
        );
        if (alreadyUsed) {
          const existingCmd = knownBy(this._findCommand(alreadyUsed)).join("|");
          const newCmd = knownBy(command).join("|");
          throw new Error(
            `cannot add command '${newCmd}' as already have command '${existingCmd}'`
          );
        }
        this._initCommandGroup(command);
        this.commands.push(command);
      }
      /**
       * Add an option.
       *
       * @param {Option} option
       * @return {Command} `this` command for chaining
       */
      addOption(option) {
        this._registerOption(option);
        const oname = option.name();
        const name = option.attributeName();
        if (option.negate) {
          const positiveLongFlag = option.long.replace(/^--no-/, "--");
          if (!this._findOption(positiveLongFlag)) {
            this.setOptionValueWithSource(
              name,
              option.defaultValue === void 0 ? true : option.defaultValue,
              "default"
            );
          }
        } else if (option.defaultValue !== void 0) {
          this.setOptionValueWithSource(name, option.defaultValue, "default");
        }
        const handleOptionValue = (val, invalidValueMessage, valueSource) => {
          if (val == null && option.presetArg !== void 0) {
            val = option.presetArg;
          }
          const oldValue = this.getOptionValue(name);
          if (val !== null && option.parseArg) {
            val = this._callParseArg(option, val, oldValue, invalidValueMessage);
          } else if (val !== null && option.variadic) {
            val = option._collectValue(val, oldValue);
          }
          if (val == null) {
            if (option.negate) {
              val = false;
            } else if (option.isBoolean() || option.optional) {
              val = true;
            } else {
              val = "";
            }
          }
          this.setOptionValueWithSource(name, val, valueSource);
        };
        this.on("option:" + oname, (val) => {
          const invalidValueMessage = `error: option '${option.flags}' argument '${val}' is invalid.`;
          handleOptionValue(val, invalidValueMessage, "cli");
        });
        if (option.envVar) {
          this.on("optionEnv:" + oname, (val) => {
            const invalidValueMessage = `error: option '${option.flags}' value '${val}' from env '${option.envVar}' is invalid.`;
            handleOptionValue(val, invalidValueMessage, "env");
          });
        }
        return this;
      }
      /**
       * Internal implementation shared by .option() and .requiredOption()
       *
       * @return {Command} `this` command for chaining
       * @private
       */
      _optionEx(config, flags, description, fn, defaultValue) {
        if (typeof flags === "object" && flags instanceof Option2) {
          throw new Error(
            "To add an Option object use addOption() instead of option() or requiredOption()"
          );
        }
        const option = this.createOption(flags, description);
        option.makeOptionMandatory(!!config.mandatory);
        if (typeof fn === "function") {
          option.default(defaultValue).argParser(fn);
        } else if (fn instanceof RegExp) {
          const regex = fn;
          fn = (val, def) => {
            const m = regex.exec(val);
            return m ? m[0] : def;
          };
          option.default(defaultValue).argParser(fn);
        } else {
          option.default(fn);
        }
        return this.addOption(option);
      }
      /**
       * Define option with `flags`, `description`, and optional argument parsing function or `defaultValue` or both.
       *
       * The `flags` string contains the short and/or long flags, separated by comma, a pipe or space. A required
       * option-argument is indicated by `<>` and an optional option-argument by `[]`.
       *
       * See the README for more details, and see also addOption() and requiredOption().
       *
       * @example
       * program
       *     .option('-p, --pepper', 'add pepper')
       *     .option('--pt, --pizza-type <TYPE>', 'type of pizza') // required option-argument
       *     .option('-c, --cheese [CHEESE]', 'add extra cheese', 'mozzarella') // optional option-argument with default
       *     .option('-t, --tip <VALUE>', 'add tip to purchase cost', parseFloat) // custom parse function
       *
       * @param {string} flags
       * @param {string} [description]
       * @param {(Function|*)} [parseArg] - custom option processing function or default value
       * @param {*} [defaultValue]
       * @return {Command} `this` command for chaining
       */
      option(flags, description, parseArg, defaultValue) {
        return this._optionEx({}, flags, description, parseArg, defaultValue);
      }
      /**
       * Add a required option which must have a value after parsing. This usually means
       * the option must be specified on the command line. (Otherwise the same as .option().)
       *
       * The `flags` string contains the short and/or long flags, separated by comma, a pipe or space.
       *
       * @param {string} flags
       * @param {string} [description]
       * @param {(Function|*)} [parseArg] - custom option processing function or default value
       * @param {*} [defaultValue]
       * @return {Command} `this` command for chaining
       */
      requiredOption(flags, description, parseArg, defaultValue) {
        return this._optionEx(
          { mandatory: true },
          flags,
          description,
          parseArg,
          defaultValue
        );
      }
      /**
       * Alter parsing of short flags with optional values.
       *
       * @example
       * // for `.option('-f,--flag [value]'):
       * program.combineFlagAndOptionalValue(true);  // `-f80` is treated like `--flag=80`, this is the default behaviour
       * program.combineFlagAndOptionalValue(false) // `-fb` is treated like `-f -b`
       *
       * @param {boolean} [combine] - if `true` or omitted, an optional value can be specified directly after the flag.
       * @return {Command} `this` command for chaining
       */
      combineFlagAndOptionalValue(combine = true) {
        this._combineFlagAndOptionalValue = !!combine;
        return this;
      }
      /**
       * Allow unknown options on the command line.
       *
       * @param {boolean} [allowUnknown] - if `true` or omitted, no error will be thrown for unknown options.
       * @return {Command} `this` command for chaining
       */
      allowUnknownOption(allowUnknown = true) {
        this._allowUnknownOption = !!allowUnknown;
        return this;
      }
      /**
       * Allow excess command-arguments on the command line. Pass false to make excess arguments an error.
       *
       * @param {boolean} [allowExcess] - if `true` or omitted, no error will be thrown for excess arguments.
       * @return {Command} `this` command for chaining
       */
      allowExcessArguments(allowExcess = true) {
        this._allowExcessArguments = !!allowExcess;
        return this;
      }
      /**
       * Enable positional options. Positional means global options are specified before subcommands which lets
       * subcommands reuse the same option names, and also enables subcommands to turn on passThroughOptions.
       * The default behaviour is non-positional and global options may appear anywhere on the command line.
       *
       * @param {boolean} [positional]
       * @return {Command} `this` command for chaining
       */
      enablePositionalOptions(positional = true) {
        this._enablePositionalOptions = !!positional;
        return this;
      }
      /**
       * Pass through options that come after command-arguments rather than treat them as command-options,
       * so actual command-options come before command-arguments. Turning this on for a subcommand requires
       * positional options to have been enabled on the program (parent commands).
       * The default behaviour is non-positional and options may appear before or after command-arguments.
       *
       * @param {boolean} [passThrough] for unknown options.
       * @return {Command} `this` command for chaining
       */
      passThroughOptions(passThrough = true) {
        this._passThroughOptions = !!passThrough;
        this._checkForBrokenPassThrough();
        return this;
      }
      /**
       * @private
       */
      _checkForBrokenPassThrough() {
        if (this.parent && this._passThroughOptions && !this.parent._enablePositionalOptions) {
          throw new Error(
            `passThroughOptions cannot be used for '${this._name}' without turning on enablePositionalOptions for parent command(s)`
          );
        }
      }
      /**
       * Whether to store option values as properties on command object,
       * or store separately (specify false). In both cases the option values can be accessed using .opts().
       *
       * @param {boolean} [storeAsProperties=true]
       * @return {Command} `this` command for chaining
       */
      storeOptionsAsProperties(storeAsProperties = true) {
        if (this.options.length) {
          throw new Error("call .storeOptionsAsProperties() before adding options");
        }
        if (Object.keys(this._optionValues).length) {
          throw new Error(
            "call .storeOptionsAsProperties() before setting option values"
          );
        }
        this._storeOptionsAsProperties = !!storeAsProperties;
        return this;
      }
      /**
       * Retrieve option value.
       *
       * @param {string} key
       * @return {object} value
       */
      getOptionValue(key) {
        if (this._storeOptionsAsProperties) {
          return this[key];
        }
        return this._optionValues[key];
      }
      /**
       * Store option value.
       *
       * @param {string} key
       * @param {object} value
       * @return {Command} `this` command for chaining
       */
      setOptionValue(key, value) {
        return this.setOptionValueWithSource(key, value, void 0);
      }
      /**
       * Store option value and where the value came from.
       *
       * @param {string} key
       * @param {object} value
       * @param {string} source - expected values are default/config/env/cli/implied
       * @return {Command} `this` command for chaining
       */
      setOptionValueWithSource(key, value, source) {
        if (this._storeOptionsAsProperties) {
          this[key] = value;
        } else {
          this._optionValues[key] = value;
        }
        this._optionValueSources[key] = source;
        return this;
      }
      /**
       * Get source of option value.
       * Expected values are default | config | env | cli | implied
       *
       * @param {string} key
       * @return {string}
       */
      getOptionValueSource(key) {
        return this._optionValueSources[key];
      }
      /**
       * Get source of option value. See also .optsWithGlobals().
       * Expected values are default | config | env | cli | implied
       *
       * @param {string} key
       * @return {string}
       */
      getOptionValueSourceWithGlobals(key) {
        let source;
        this._getCommandAndAncestors().forEach((cmd) => {
          if (cmd.getOptionValueSource(key) !== void 0) {
            source = cmd.getOptionValueSource(key);
          }
        });
        return source;
      }
      /**
       * Get user arguments from implied or explicit arguments.
       * Side-effects: set _scriptPath if args included script. Used for default program name, and subcommand searches.
       *
       * @private
       */
      _prepareUserArgs(argv, parseOptions) {
        if (argv !== void 0 && !Array.isArray(argv)) {
          throw new Error("first parameter to parse must be array or undefined");
        }
        parseOptions = parseOptions || {};
        if (argv === void 0 && parseOptions.from === void 0) {
          if (process4.versions?.electron) {
            parseOptions.from = "electron";
          }
          const execArgv = process4.execArgv ?? [];
          if (execArgv.includes("-e") || execArgv.includes("--eval") || execArgv.includes("-p") || execArgv.includes("--print")) {
            parseOptions.from = "eval";
          }
        }
        if (argv === void 0) {
          argv = process4.argv;
        }
        this.rawArgs = argv.slice();
        let userArgs;
        switch (parseOptions.from) {
          case void 0:
          case "node":
            this._scriptPath = argv[1];
            userArgs = argv.slice(2);
            break;
          case "electron":
            if (process4.defaultApp) {
              this._scriptPath = argv[1];
              userArgs = argv.slice(2);
            } else {
              userArgs = argv.slice(1);
            }
            break;
          case "user":
            userArgs = argv.slice(0);
            break;
          case "eval":
            userArgs = argv.slice(1);
            break;
          default:
            throw new Error(
              `unexpected parse option { from: '${parseOptions.from}' }`
            );
        }
        if (!this._name && this._scriptPath)
          this.nameFromFilename(this._scriptPath);
        this._name = this._name || "program";
        return userArgs;
      }
      /**
       * Parse `argv`, setting options and invoking commands when defined.
       *
       * Use parseAsync instead of parse if any of your action handlers are async.
       *
       * Call with no parameters to parse `process.argv`. Detects Electron and special node options like `node --eval`. Easy mode!
       *
       * Or call with an array of strings to parse, and optionally where the user arguments start by specifying where the arguments are `from`:
       * - `'node'`: default, `argv[0]` is the application and `argv[1]` is the script being run, with user arguments after that
       * - `'electron'`: `argv[0]` is the application and `argv[1]` varies depending on whether the electron application is packaged
       * - `'user'`: just user arguments
       *
       * @example
       * program.parse(); // parse process.argv and auto-detect electron and special node flags
       * program.parse(process.argv); // assume argv[0] is app and argv[1] is script
       * program.parse(my-args, { from: 'user' }); // just user supplied arguments, nothing special about argv[0]
       *
       * @param {string[]} [argv] - optional, defaults to process.argv
       * @param {object} [parseOptions] - optionally specify style of options with from: node/user/electron
       * @param {string} [parseOptions.from] - where the args are from: 'node', 'user', 'electron'
       * @return {Command} `this` command for chaining
       */
      parse(argv, parseOptions) {
        this._prepareForParse();
        const userArgs = this._prepareUserArgs(argv, parseOptions);
        this._parseCommand([], userArgs);
        return this;
      }
      /**
       * Parse `argv`, setting options and invoking commands when defined.
       *
       * Call with no parameters to parse `process.argv`. Detects Electron and special node options like `node --eval`. Easy mode!
       *
       * Or call with an array of strings to parse, and optionally where the user arguments start by specifying where the arguments are `from`:
       * - `'node'`: default, `argv[0]` is the application and `argv[1]` is the script being run, with user arguments after that
       * - `'electron'`: `argv[0]` is the application and `argv[1]` varies depending on whether the electron application is packaged
       * - `'user'`: just user arguments
       *
       * @example
       * await program.parseAsync(); // parse process.argv and auto-detect electron and special node flags
       * await program.parseAsync(process.argv); // assume argv[0] is app and argv[1] is script
       * await program.parseAsync(my-args, { from: 'user' }); // just user supplied arguments, nothing special about argv[0]
       *
       * @param {string[]} [argv]
       * @param {object} [parseOptions]
       * @param {string} parseOptions.from - where the args are from: 'node', 'user', 'electron'
       * @return {Promise}
       */
      async parseAsync(argv, parseOptions) {
        this._prepareForParse();
        const userArgs = this._prepareUserArgs(argv, parseOptions);
        await this._parseCommand([], userArgs);
        return this;
      }
      _prepareForParse() {
        if (this._savedState === null) {
          this.saveStateBeforeParse();
        } else {
          this.restoreStateBeforeParse();
        }
      }
      /**
       * Called the first time parse is called to save state and allow a restore before subsequent calls to parse.
       * Not usually called directly, but available for subclasses to save their custom state.
       *
       * This is called in a lazy way. Only commands used in parsing chain will have state saved.
       */
      saveStateBeforeParse() {
        this._savedState = {
          // name is stable if supplied by author, but may be unspecified for root command and deduced during parsing
          _name: this._name,
          // option values before parse have default values (including false for negated options)
          // shallow clones
          _optionValues: { ...this._optionValues },
          _optionValueSources: { ...this._optionValueSources }
        };
      }
      /**
       * Restore state before parse for calls after the first.
       * Not usually called directly, but available for subclasses to save their custom state.
       *
       * This is called in a lazy way. Only commands used in parsing chain will have state restored.
       */
      restoreStateBeforeParse() {
        if (this._storeOptionsAsProperties)
          throw new Error(`Can not call parse again when storeOptionsAsProperties is true.
- either make a new Command for each call to parse, or stop storing options as properties`);
        this._name = this._savedState._name;
        this._scriptPath = null;
        this.rawArgs = [];
        this._optionValues = { ...this._savedState._optionValues };
        this._optionValueSources = { ...this._savedState._optionValueSources };
        this.args = [];
        this.processedArgs = [];
      }
      /**
       * Throw if expected executable is missing. Add lots of help for author.
       *
       * @param {string} executableFile
       * @param {string} executableDir
       * @param {string} subcommandName
       */
      _checkForMissingExecutable(executableFile, executableDir, subcommandName) {
        if (fs.existsSync(executableFile)) return;
        const executableDirMessage = executableDir ? `searched for local subcommand relative to directory '${executableDir}'` : "no directory for search for local subcommand, use .executableDir() to supply a custom directory";
        const executableMissing = `'${executableFile}' does not exist
 - if '${subcommandName}' is not meant to be an executable command, remove description parameter from '.command()' and use '.description()' instead
 - if the default executable name is not suitable, use the executableFile option to supply a custom name or path
 - ${executableDirMessage}`;
        throw new Error(executableMissing);
      }
      /**
       * Execute a sub-command executable.
       *
       * @private
       */
      _executeSubCommand(subcommand, args) {
        args = args.slice();
        let launchWithNode = false;
        const sourceExt = [".js", ".ts", ".tsx", ".mjs", ".cjs"];
        function findFile(baseDir, baseName) {
          const localBin = path2.resolve(baseDir, baseName);
          if (fs.existsSync(localBin)) return localBin;
          if (sourceExt.includes(path2.extname(baseName))) return void 0;
          const foundExt = sourceExt.find(
            (ext) => fs.existsSync(`${localBin}${ext}`)
          );
          if (foundExt) return `${localBin}${foundExt}`;
          return void 0;
        }
        this._checkForMissingMandatoryOptions();
        this._checkForConflictingOptions();
        let executableFile = subcommand._executableFile || `${this._name}-${subcommand._name}`;
        let executableDir = this._executableDir || "";
        if (this._scriptPath) {
          let resolvedScriptPath;
          try {
            resolvedScriptPath = fs.realpathSync(this._scriptPath);
          } catch {
            resolvedScriptPath = this._scriptPath;
          }
          executableDir = path2.resolve(
            path2.dirname(resolvedScriptPath),
            executableDir
          );
        }
        if (executableDir) {
          let localFile = findFile(executableDir, executableFile);
          if (!localFile && !subcommand._executableFile && this._scriptPath) {
            const legacyName = path2.basename(
              this._scriptPath,
              path2.extname(this._scriptPath)
            );
            if (legacyName !== this._name) {
              localFile = findFile(
                executableDir,
                `${legacyName}-${subcommand._name}`
              );
            }
          }
          executableFile = localFile || executableFile;
        }
        launchWithNode = sourceExt.includes(path2.extname(executableFile));
        let proc;
        if (process4.platform !== "win32") {
          if (launchWithNode) {
            args.unshift(executableFile);
            args = incrementNodeInspectorPort(process4.execArgv).concat(args);
            proc = childProcess.spawn(process4.argv[0], args, { stdio: "inherit" });
          } else {
            proc = childProcess.spawn(executableFile, args, { stdio: "inherit" });
          }
        } else {
          this._checkForMissingExecutable(
            executableFile,
            executableDir,
            subcommand._name
          );
          args.unshift(executableFile);
          args = incrementNodeInspectorPort(process4.execArgv).concat(args);
          proc = childProcess.spawn(process4.execPath, args, { stdio: "inherit" });
        }
        if (!proc.killed) {
          const signals2 = ["SIGUSR1", "SIGUSR2", "SIGTERM", "SIGINT", "SIGHUP"];
          signals2.forEach((signal) => {
            process4.on(signal, () => {
              if (proc.killed === false && proc.exitCode === null) {
                proc.kill(signal);
              }
            });
          });
        }
        const exitCallback = this._exitCallback;
        proc.on("close", (code) => {
          code = code ?? 1;
          if (!exitCallback) {
            process4.exit(code);
          } else {
            exitCallback(
              new CommanderError2(
                code,
                "commander.executeSubCommandAsync",
                "(close)"
              )
            );
          }
        });
        proc.on("error", (err) => {
          if (err.code === "ENOENT") {
            this._checkForMissingExecutable(
              executableFile,
              executableDir,
              subcommand._name
            );
          } else if (err.code === "EACCES") {
            throw new Error(`'${executableFile}' not executable`);
          }
          if (!exitCallback) {
            process4.exit(1);
          } else {
            const wrappedError = new CommanderError2(
              1,
              "commander.executeSubCommandAsync",
              "(error)"
            );
            wrappedError.nestedError = err;
            exitCallback(wrappedError);
          }
        });
        this.runningCommand = proc;
      }
      /**
       * @private
       */
      _dispatchSubcommand(commandName, operands, unknown2) {
        const subCommand = this._findCommand(commandName);
        if (!subCommand) this.help({ error: true });
        subCommand._prepareForParse();
        let promiseChain;
        promiseChain = this._chainOrCallSubCommandHook(
          promiseChain,
          subCommand,
          "preSubcommand"
        );
        promiseChain = this._chainOrCall(promiseChain, () => {
          if (subCommand._executableHandler) {
            this._executeSubCommand(subCommand, operands.concat(unknown2));
          } else {
            return subCommand._parseCommand(operands, unknown2);
          }
        });
        return promiseChain;
      }
      /**
       * Invoke help directly if possible, or dispatch if necessary.
       * e.g. help foo
       *
       * @private
       */
      _dispatchHelpCommand(subcommandName) {
        if (!subcommandName) {
          this.help();
        }
        const subCommand = this._findCommand(subcommandName);
        if (subCommand && !subCommand._executableHandler) {
          subCommand.help();
        }
        return this._dispatchSubcommand(
          subcommandName,
          [],
          [this._getHelpOption()?.long ?? this._getHelpOption()?.short ?? "--help"]
        );
      }
      /**
       * Check this.args against expected this.registeredArguments.
       *
       * @private
       */
      _checkNumberOfArguments() {
        this.registeredArguments.forEach((arg, i) => {
          if (arg.required && this.args[i] == null) {
            this.missingArgument(arg.name());
          }
        });
        if (this.registeredArguments.length > 0 && this.registeredArguments[this.registeredArguments.length - 1].variadic) {
          return;
        }
        if (this.args.length > this.registeredArguments.length) {
          this._excessArguments(this.args);
        }
      }
      /**
       * Process this.args using this.registeredArguments and save as this.processedArgs!
       *
       * @private
       */
      _processArguments() {
        const myParseArg = (argument, value, previous) => {
          let parsedValue = value;
          if (value !== null && argument.parseArg) {
            const invalidValueMessage = `error: command-argument value '${value}' is invalid for argument '${argument.name()}'.`;
            parsedValue = this._callParseArg(
              argument,
              value,
              previous,
              invalidValueMessage
            );
          }
          return parsedValue;
        };
        this._checkNumberOfArguments();
        const processedArgs = [];
        this.registeredArguments.forEach((declaredArg, index) => {
          let value = declaredArg.defaultValue;
          if (declaredArg.variadic) {
            if (index < this.args.length) {
              value = this.args.slice(index);
              if (declaredArg.parseArg) {
                value = value.reduce((processed, v) => {
                  return myParseArg(declaredArg, v, processed);
                }, declaredArg.defaultValue);
              }
            } else if (value === void 0) {
              value = [];
            }
          } else if (index < this.args.length) {
            value = this.args[index];
            if (declaredArg.parseArg) {
              value = myParseArg(declaredArg, value, declaredArg.defaultValue);
            }
          }
          processedArgs[index] = value;
        });
        this.processedArgs = processedArgs;
      }
      /**
       * Once we have a promise we chain, but call synchronously until then.
       *
       * @param {(Promise|undefined)} promise
       * @param {Function} fn
       * @return {(Promise|undefined)}
       * @private
       */
      _chainOrCall(promise, fn) {
        if (promise?.then && typeof promise.then === "function") {
          return promise.then(() => fn());
        }
        return fn();
      }
      /**
       *
       * @param {(Promise|undefined)} promise
       * @param {string} event
       * @return {(Promise|undefined)}
       * @private
       */
      _chainOrCallHooks(promise, event) {
        let result = promise;
        const hooks = [];
        this._getCommandAndAncestors().reverse().filter((cmd) => cmd._lifeCycleHooks[event] !== void 0).forEach((hookedCommand) => {
          hookedCommand._lifeCycleHooks[event].forEach((callback) => {
            hooks.push({ hookedCommand, callback });
          });
        });
        if (event === "postAction") {
          hooks.reverse();
        }
        hooks.forEach((hookDetail) => {
          result = this._chainOrCall(result, () => {
            return hookDetail.callback(hookDetail.hookedCommand, this);
          });
        });
        return result;
      }
      /**
       *
       * @param {(Promise|undefined)} promise
       * @param {Command} subCommand
       * @param {string} event
       * @return {(Promise|undefined)}
       * @private
       */
      _chainOrCallSubCommandHook(promise, subCommand, event) {
        let result = promise;
        if (this._lifeCycleHooks[event] !== void 0) {
          this._lifeCycleHooks[event].forEach((hook) => {
            result = this._chainOrCall(result, () => {
              return hook(this, subCommand);
            });
          });
        }
        return result;
      }
      /**
       * Process arguments in context of this command.
       * Returns action result, in case it is a promise.
       *
       * @private
       */
      _parseCommand(operands, unknown2) {
        const parsed = this.parseOptions(unknown2);
        this._parseOptionsEnv();
        this._parseOptionsImplied();
        operands = operands.concat(parsed.operands);
        unknown2 = parsed.unknown;
        this.args = operands.concat(unknown2);
        if (operands && this._findCommand(operands[0])) {
          return this._dispatchSubcommand(operands[0], operands.slice(1), unknown2);
        }
        if (this._getHelpCommand() && operands[0] === this._getHelpCommand().name()) {
          return this._dispatchHelpCommand(operands[1]);
        }
        if (this._defaultCommandName) {
          this._outputHelpIfRequested(unknown2);
          return this._dispatchSubcommand(
            this._defaultCommandName,
            operands,
            unknown2
          );
        }
        if (this.commands.length && this.args.length === 0 && !this._actionHandler && !this._defaultCommandName) {
          this.help({ error: true });
        }
        this._outputHelpIfRequested(parsed.unknown);
        this._checkForMissingMandatoryOptions();
        this._checkForConflictingOptions();
        const checkForUnknownOptions = () => {
          if (parsed.unknown.length > 0) {
            this.unknownOption(parsed.unknown[0]);
          }
        };
        const commandEvent = `command:${this.name()}`;
        if (this._actionHandler) {
          checkForUnknownOptions();
          this._processArguments();
          let promiseChain;
          promiseChain = this._chainOrCallHooks(promiseChain, "preAction");
          promiseChain = this._chainOrCall(
            promiseChain,
            () => this._actionHandler(this.processedArgs)
          );
          if (this.parent) {
            promiseChain = this._chainOrCall(promiseChain, () => {
              this.parent.emit(commandEvent, operands, unknown2);
            });
          }
          promiseChain = this._chainOrCallHooks(promiseChain, "postAction");
          return promiseChain;
        }
        if (this.parent?.listenerCount(commandEvent)) {
          checkForUnknownOptions();
          this._processArguments();
          this.parent.emit(commandEvent, operands, unknown2);
        } else if (operands.length) {
          if (this._findCommand("*")) {
            return this._dispatchSubcommand("*", operands, unknown2);
          }
          if (this.listenerCount("command:*")) {
            this.emit("command:*", operands, unknown2);
          } else if (this.commands.length) {
            this.unknownCommand();
          } else {
            checkForUnknownOptions();
            this._processArguments();
          }
        } else if (this.commands.length) {
          checkForUnknownOptions();
          this.help({ error: true });
        } else {
          checkForUnknownOptions();
          this._processArguments();
        }
      }
      /**
       * Find matching command.
       *
       * @private
       * @return {Command | undefined}
       */
      _findCommand(name) {
        if (!name) return void 0;
        return this.commands.find(
          (cmd) => cmd._name === name || cmd._aliases.includes(name)
        );
      }
      /**
       * Return an option matching `arg` if any.
       *
       * @param {string} arg
       * @return {Option}
       * @package
       */
      _findOption(arg) {
        return this.options.find((option) => option.is(arg));
      }
      /**
       * Display an error message if a mandatory option does not have a value.
       * Called after checking for help flags in leaf subcommand.
       *
       * @private
       */
      _checkForMissingMandatoryOptions() {
        this._getCommandAndAncestors().forEach((cmd) => {
          cmd.options.forEach((anOption) => {
            if (anOption.mandatory && cmd.getOptionValue(anOption.attributeName()) === void 0) {
              cmd.missingMandatoryOptionValue(anOption);
            }
          });
        });
      }
      /**
       * Display an error message if conflicting options are used together in this.
       *
       * @private
       */
      _checkForConflictingLocalOptions() {
        const definedNonDefaultOptions = this.options.filter((option) => {
          const optionKey = option.attributeName();
          if (this.getOptionValue(optionKey) === void 0) {
            return false;
          }
          return this.getOptionValueSource(optionKey) !== "default";
        });
        const optionsWithConflicting = definedNonDefaultOptions.filter(
          (option) => option.conflictsWith.length > 0
        );
        optionsWithConflicting.forEach((option) => {
          const conflictingAndDefined = definedNonDefaultOptions.find(
            (defined) => option.conflictsWith.includes(defined.attributeName())
          );
          if (conflictingAndDefined) {
            this._conflictingOption(option, conflictingAndDefined);
          }
        });
      }
      /**
       * Display an error message if conflicting options are used together.
       * Called after checking for help flags in leaf subcommand.
       *
       * @private
       */
      _checkForConflictingOptions() {
        this._getCommandAndAncestors().forEach((cmd) => {
          cmd._checkForConflictingLocalOptions();
        });
      }
      /**
       * Parse options from `argv` removing known options,
       * and return argv split into operands and unknown arguments.
       *
       * Side effects: modifies command by storing options. Does not reset state if called again.
       *
       * Examples:
       *
       *     argv => operands, unknown
       *     --known kkk op => [op], []
       *     op --known kkk => [op], []
       *     sub --unknown uuu op => [sub], [--unknown uuu op]
       *     sub -- --unknown uuu op => [sub --unknown uuu op], []
       *
       * @param {string[]} args
       * @return {{operands: string[], unknown: string[]}}
       */
      parseOptions(args) {
        const operands = [];
        const unknown2 = [];
        let dest = operands;
        function maybeOption(arg) {
          return arg.length > 1 && arg[0] === "-";
        }
        const negativeNumberArg = (arg) => {
          if (!/^-(\d+|\d*\.\d+)(e[+-]?\d+)?$/.test(arg)) return false;
          return !this._getCommandAndAncestors().some(
            (cmd) => cmd.options.map((opt) => opt.short).some((short) => /^-\d$/.test(short))
          );
        };
        let activeVariadicOption = null;
        let activeGroup = null;
        let i = 0;
        while (i < args.length || activeGroup) {
          const arg = activeGroup ?? args[i++];
          activeGroup = null;
          if (arg === "--") {
            if (dest === unknown2) dest.push(arg);
            dest.push(...args.slice(i));
            break;
          }
          if (activeVariadicOption && (!maybeOption(arg) || negativeNumberArg(arg))) {
            this.emit(`option:${activeVariadicOption.name()}`, arg);
            continue;
          }
          activeVariadicOption = null;
          if (maybeOption(arg)) {
            const option = this._findOption(arg);
            if (option) {
              if (option.required) {
                const value = args[i++];
                if (value === void 0) this.optionMissingArgument(option);
                this.emit(`option:${option.name()}`, value);
              } else if (option.optional) {
                let value = null;
                if (i < args.length && (!maybeOption(args[i]) || negativeNumberArg(args[i]))) {
                  value = args[i++];
                }
                this.emit(`option:${option.name()}`, value);
              } else {
                this.emit(`option:${option.name()}`);
              }
              activeVariadicOption = option.variadic ? option : null;
              continue;
            }
          }
          if (arg.length > 2 && arg[0] === "-" && arg[1] !== "-") {
            const option = this._findOption(`-${arg[1]}`);
            if (option) {
              if (option.required || option.optional && this._combineFlagAndOptionalValue) {
                this.emit(`option:${option.name()}`, arg.slice(2));
              } else {
                this.emit(`option:${option.name()}`);
                activeGroup = `-${arg.slice(2)}`;
              }
              continue;
            }
          }
          if (/^--[^=]+=/.test(arg)) {
            const index = arg.indexOf("=");
            const option = this._findOption(arg.slice(0, index));
            if (option && (option.required || option.optional)) {
              this.emit(`option:${option.name()}`, arg.slice(index + 1));
              continue;
            }
          }
          if (dest === operands && maybeOption(arg) && !(this.commands.length === 0 && negativeNumberArg(arg))) {
            dest = unknown2;
          }
          if ((this._enablePositionalOptions || this._passThroughOptions) && operands.length === 0 && unknown2.length === 0) {
            if (this._findCommand(arg)) {
              operands.push(arg);
              unknown2.push(...args.slice(i));
              break;
            } else if (this._getHelpCommand() && arg === this._getHelpCommand().name()) {
              operands.push(arg, ...args.slice(i));
              break;
            } else if (this._defaultCommandName) {
              unknown2.push(arg, ...args.slice(i));
              break;
            }
          }
          if (this._passThroughOptions) {
            dest.push(arg, ...args.slice(i));
            break;
          }
          dest.push(arg);
        }
        return { operands, unknown: unknown2 };
      }
      /**
       * Return an object containing local option values as key-value pairs.
       *
       * @return {object}
       */
      opts() {
        if (this._storeOptionsAsProperties) {
          const result = {};
          const len = this.options.length;
          for (let i = 0; i < len; i++) {
            const key = this.options[i].attributeName();
            result[key] = key === this._versionOptionName ? this._version : this[key];
          }
          return result;
        }
        return this._optionValues;
      }
      /**
       * Return an object containing merged local and global option values as key-value pairs.
       *
       * @return {object}
       */
      optsWithGlobals() {
        return this._getCommandAndAncestors().reduce(
          (combinedOptions, cmd) => Object.assign(combinedOptions, cmd.opts()),
          {}
        );
      }
      /**
       * Display error message and exit (or call exitOverride).
       *
       * @param {string} message
       * @param {object} [errorOptions]
       * @param {string} [errorOptions.code] - an id string representing the error
       * @param {number} [errorOptions.exitCode] - used with process.exit
       */
      error(message, errorOptions) {
        this._outputConfiguration.outputError(
          `${message}
`,
          this._outputConfiguration.writeErr
        );
        if (typeof this._showHelpAfterError === "string") {
          this._outputConfiguration.writeErr(`${this._showHelpAfterError}
`);
        } else if (this._showHelpAfterError) {
          this._outputConfiguration.writeErr("\n");
          this.outputHelp({ error: true });
        }
        const config = errorOptions || {};
        const exitCode = config.exitCode || 1;
        const code = config.code || "commander.error";
        this._exit(exitCode, code, message);
      }
      /**
       * Apply any option related environment variables, if option does
       * not have a value from cli or client code.
       *
       * @private
       */
      _parseOptionsEnv() {
        this.options.forEach((option) => {
          if (option.envVar && option.envVar in process4.env) {
            const optionKey = option.attributeName();
            if (this.getOptionValue(optionKey) === void 0 || ["default", "config", "env"].includes(
              this.getOptionValueSource(optionKey)
            )) {
              if (option.required || option.optional) {
                this.emit(`optionEnv:${option.name()}`, process4.env[option.envVar]);
              } else {
                this.emit(`optionEnv:${option.name()}`);
              }
            }
          }
        });
      }
      /**
       * Apply any implied option values, if option is undefined or default value.
       *
       * @private
       */
      _parseOptionsImplied() {
        const dualHelper = new DualOptions(this.options);
        const hasCustomOptionValue = (optionKey) => {
          return this.getOptionValue(optionKey) !== void 0 && !["default", "implied"].includes(this.getOptionValueSource(optionKey));
        };
        this.options.filter(
          (option) => option.implied !== void 0 && hasCustomOptionValue(option.attributeName()) && dualHelper.valueFromOption(
            this.getOptionValue(option.attributeName()),
            option
          )
        ).forEach((option) => {
          Object.keys(option.implied).filter((impliedKey) => !hasCustomOptionValue(impliedKey)).forEach((impliedKey) => {
            this.setOptionValueWithSource(
              impliedKey,
              option.implied[impliedKey],
              "implied"
            );
          });
        });
      }
      /**
       * Argument `name` is missing.
       *
       * @param {string} name
       * @private
       */
      missingArgument(name) {
        const message = `error: missing required argument '${name}'`;
        this.error(message, { code: "commander.missingArgument" });
      }
      /**
       * `Option` is missing an argument.
       *
       * @param {Option} option
       * @private
       */
      optionMissingArgument(option) {
        const message = `error: option '${option.flags}' argument missing`;
        this.error(message, { code: "commander.optionMissingArgument" });
      }
      /**
       * `Option` does not have a value, and is a mandatory option.
       *
       * @param {Option} option
       * @private
       */
      missingMandatoryOptionValue(option) {
        const message = `error: required option '${option.flags}' not specified`;
        this.error(message, { code: "commander.missingMandatoryOptionValue" });
      }
      /**
       * `Option` conflicts with another option.
       *
       * @param {Option} option
       * @param {Option} conflictingOption
       * @private
       */
      _conflictingOption(option, conflictingOption) {
        const findBestOptionFromValue = (option2) => {
          const optionKey = option2.attributeName();
          const optionValue2 = this.getOptionValue(optionKey);
          const negativeOption = this.options.find(
            (target) => target.negate && optionKey === target.attributeName()
          );
          const positiveOption = this.options.find(
            (target) => !target.negate && optionKey === target.attributeName()
          );
          if (negativeOption && (negativeOption.presetArg === void 0 && optionValue2 === false || negativeOption.presetArg !== void 0 && optionValue2 === negativeOption.presetArg)) {
            return negativeOption;
          }
          return positiveOption || option2;
        };
        const getErrorMessage = (option2) => {
          const bestOption = findBestOptionFromValue(option2);
          const optionKey = bestOption.attributeName();
          const source = this.getOptionValueSource(optionKey);
          if (source === "env") {
            return `environment variable '${bestOption.envVar}'`;
          }
          return `option '${bestOption.flags}'`;
        };
        const message = `error: ${getErrorMessage(option)} cannot be used with ${getErrorMessage(conflictingOption)}`;
        this.error(message, { code: "commander.conflictingOption" });
      }
      /**
       * Unknown option `flag`.
       *
       * @param {string} flag
       * @private
       */
      unknownOption(flag) {
        if (this._allowUnknownOption) return;
        let suggestion = "";
        if (flag.startsWith("--") && this._showSuggestionAfterError) {
          let candidateFlags = [];
          let command = this;
          do {
            const moreFlags = command.createHelp().visibleOptions(command).filter((option) => option.long).map((option) => option.long);
            candidateFlags = candidateFlags.concat(moreFlags);
            command = command.parent;
          } while (command && !command._enablePositionalOptions);
          suggestion = suggestSimilar(flag, candidateFlags);
        }
        const message = `error: unknown option '${flag}'${suggestion}`;
        this.error(message, { code: "commander.unknownOption" });
      }
      /**
       * Excess arguments, more than expected.
       *
       * @param {string[]} receivedArgs
       * @private
       */
      _excessArguments(receivedArgs) {
        if (this._allowExcessArguments) return;
        const expected = this.registeredArguments.length;
        const s = expected === 1 ? "" : "s";
        const forSubcommand = this.parent ? ` for '${this.name()}'` : "";
        const message = `error: too many arguments${forSubcommand}. Expected ${expected} argument${s} but got ${receivedArgs.length}.`;
        this.error(message, { code: "commander.excessArguments" });
      }
      /**
       * Unknown command.
       *
       * @private
       */
      unknownCommand() {
        const unknownName = this.args[0];
        let suggestion = "";
        if (this._showSuggestionAfterError) {
          const candidateNames = [];
          this.createHelp().visibleCommands(this).forEach((command) => {
            candidateNames.push(command.name());
            if (command.alias()) candidateNames.push(command.alias());
          });
          suggestion = suggestSimilar(unknownName, candidateNames);
        }
        const message = `error: unknown command '${unknownName}'${suggestion}`;
        this.error(message, { code: "commander.unknownCommand" });
      }
      /**
       * Get or set the program version.
       *
       * This method auto-registers the "-V, --version" option which will print the version number.
       *
       * You can optionally supply the flags and description to override the defaults.
       *
       * @param {string} [str]
       * @param {string} [flags]
       * @param {string} [description]
       * @return {(this | string | undefined)} `this` command for chaining, or version string if no arguments
       */
      version(str, flags, description) {
        if (str === void 0) return this._version;
        this._version = str;
        flags = flags || "-V, --version";
        description = description || "output the version number";
        const versionOption = this.createOption(flags, description);
        this._versionOptionName = versionOption.attributeName();
        this._registerOption(versionOption);
        this.on("option:" + versionOption.name(), () => {
          this._outputConfiguration.writeOut(`${str}
`);
          this._exit(0, "commander.version", str);
        });
        return this;
      }
      /**
       * Set the description.
       *
       * @param {string} [str]
       * @param {object} [argsDescription]
       * @return {(string|Command)}
       */
      description(str, argsDescription) {
        if (str === void 0 && argsDescription === void 0)
          return this._description;
        this._description = str;
        if (argsDescription) {
          this._argsDescription = argsDescription;
        }
        return this;
      }
      /**
       * Set the summary. Used when listed as subcommand of parent.
       *
       * @param {string} [str]
       * @return {(string|Command)}
       */
      summary(str) {
        if (str === void 0) return this._summary;
        this._summary = str;
        return this;
      }
      /**
       * Set an alias for the command.
       *
       * You may call more than once to add multiple aliases. Only the first alias is shown in the auto-generated help.
       *
       * @param {string} [alias]
       * @return {(string|Command)}
       */
      alias(alias) {
        if (alias === void 0) return this._aliases[0];
        let command = this;
        if (this.commands.length !== 0 && this.commands[this.commands.length - 1]._executableHandler) {
          command = this.commands[this.commands.length - 1];
        }
        if (alias === command._name)
          throw new Error("Command alias can't be the same as its name");
        const matchingCommand = this.parent?._findCommand(alias);
        if (matchingCommand) {
          const existingCmd = [matchingCommand.name()].concat(matchingCommand.aliases()).join("|");
          throw new Error(
            `cannot add alias '${alias}' to command '${this.name()}' as already have command '${existingCmd}'`
          );
        }
        command._aliases.push(alias);
        return this;
      }
      /**
       * Set aliases for the command.
       *
       * Only the first alias is shown in the auto-generated help.
       *
       * @param {string[]} [aliases]
       * @return {(string[]|Command)}
       */
      aliases(aliases) {
        if (aliases === void 0) return this._aliases;
        aliases.forEach((alias) => this.alias(alias));
        return this;
      }
      /**
       * Set / get the command usage `str`.
       *
       * @param {string} [str]
       * @return {(string|Command)}
       */
      usage(str) {
        if (str === void 0) {
          if (this._usage) return this._usage;
          const args = this.registeredArguments.map((arg) => {
            return humanReadableArgName(arg);
          });
          return [].concat(
            this.options.length || this._helpOption !== null ? "[options]" : [],
            this.commands.length ? "[command]" : [],
            this.registeredArguments.length ? args : []
          ).join(" ");
        }
        this._usage = str;
        return this;
      }
      /**
       * Get or set the name of the command.
       *
       * @param {string} [str]
       * @return {(string|Command)}
       */
      name(str) {
        if (str === void 0) return this._name;
        this._name = str;
        return this;
      }
      /**
       * Set/get the help group heading for this subcommand in parent command's help.
       *
       * @param {string} [heading]
       * @return {Command | string}
       */
      helpGroup(heading) {
        if (heading === void 0) return this._helpGroupHeading ?? "";
        this._helpGroupHeading = heading;
        return this;
      }
      /**
       * Set/get the default help group heading for subcommands added to this command.
       * (This does not override a group set directly on the subcommand using .helpGroup().)
       *
       * @example
       * program.commandsGroup('Development Commands:);
       * program.command('watch')...
       * program.command('lint')...
       * ...
       *
       * @param {string} [heading]
       * @returns {Command | string}
       */
      commandsGroup(heading) {
        if (heading === void 0) return this._defaultCommandGroup ?? "";
        this._defaultCommandGroup = heading;
        return this;
      }
      /**
       * Set/get the default help group heading for options added to this command.
       * (This does not override a group set directly on the option using .helpGroup().)
       *
       * @example
       * program
       *   .optionsGroup('Development Options:')
       *   .option('-d, --debug', 'output extra debugging')
       *   .option('-p, --profile', 'output profiling information')
       *
       * @param {string} [heading]
       * @returns {Command | string}
       */
      optionsGroup(heading) {
        if (heading === void 0) return this._defaultOptionGroup ?? "";
        this._defaultOptionGroup = heading;
        return this;
      }
      /**
       * @param {Option} option
       * @private
       */
      _initOptionGroup(option) {
        if (this._defaultOptionGroup && !option.helpGroupHeading)
          option.helpGroup(this._defaultOptionGroup);
      }
      /**
       * @param {Command} cmd
       * @private
       */
      _initCommandGroup(cmd) {
        if (this._defaultCommandGroup && !cmd.helpGroup())
          cmd.helpGroup(this._defaultCommandGroup);
      }
      /**
       * Set the name of the command from script filename, such as process.argv[1],
       * or require.main.filename, or __filename.
       *
       * (Used internally and public although not documented in README.)
       *
       * @example
       * program.nameFromFilename(require.main.filename);
       *
       * @param {string} filename
       * @return {Command}
       */
      nameFromFilename(filename) {
        this._name = path2.basename(filename, path2.extname(filename));
        return this;
      }
      /**
       * Get or set the directory for searching for executable subcommands of this command.
       *
       * @example
       * program.executableDir(__dirname);
       * // or
       * program.executableDir('subcommands');
       *
       * @param {string} [path]
       * @return {(string|null|Command)}
       */
      executableDir(path3) {
        if (path3 === void 0) return this._executableDir;
        this._executableDir = path3;
        return this;
      }
      /**
       * Return program help documentation.
       *
       * @param {{ error: boolean }} [contextOptions] - pass {error:true} to wrap for stderr instead of stdout
       * @return {string}
       */
      helpInformation(contextOptions) {
        const helper = this.createHelp();
        const context = this._getOutputContext(contextOptions);
        helper.prepareContext({
          error: context.error,
          helpWidth: context.helpWidth,
          outputHasColors: context.hasColors
        });
        const text = helper.formatHelp(this, helper);
        if (context.hasColors) return text;
        return this._outputConfiguration.stripColor(text);
      }
      /**
       * @typedef HelpContext
       * @type {object}
       * @property {boolean} error
       * @property {number} helpWidth
       * @property {boolean} hasColors
       * @property {function} write - includes stripColor if needed
       *
       * @returns {HelpContext}
       * @private
       */
      _getOutputContext(contextOptions) {
        contextOptions = contextOptions || {};
        const error = !!contextOptions.error;
        let baseWrite;
        let hasColors;
        let helpWidth;
        if (error) {
          baseWrite = (str) => this._outputConfiguration.writeErr(str);
          hasColors = this._outputConfiguration.getErrHasColors();
          helpWidth = this._outputConfiguration.getErrHelpWidth();
        } else {
          baseWrite = (str) => this._outputConfiguration.writeOut(str);
          hasColors = this._outputConfiguration.getOutHasColors();
          helpWidth = this._outputConfiguration.getOutHelpWidth();
        }
        const write2 = (str) => {
          if (!hasColors) str = this._outputConfiguration.stripColor(str);
          return baseWrite(str);
        };
        return { error, write: write2, hasColors, helpWidth };
      }
      /**
       * Output help information for this command.
       *
       * Outputs built-in help, and custom text added using `.addHelpText()`.
       *
       * @param {{ error: boolean } | Function} [contextOptions] - pass {error:true} to write to stderr instead of stdout
       */
      outputHelp(contextOptions) {
        let deprecatedCallback;
        if (typeof contextOptions === "function") {
          deprecatedCallback = contextOptions;
          contextOptions = void 0;
        }
        const outputContext = this._getOutputContext(contextOptions);
        const eventContext = {
          error: outputContext.error,
          write: outputContext.write,
          command: this
        };
        this._getCommandAndAncestors().reverse().forEach((command) => command.emit("beforeAllHelp", eventContext));
        this.emit("beforeHelp", eventContext);
        let helpInformation = this.helpInformation({ error: outputContext.error });
        if (deprecatedCallback) {
          helpInformation = deprecatedCallback(helpInformation);
          if (typeof helpInformation !== "string" && !Buffer.isBuffer(helpInformation)) {
            throw new Error("outputHelp callback must return a string or a Buffer");
          }
        }
        outputContext.write(helpInformation);
        if (this._getHelpOption()?.long) {
          this.emit(this._getHelpOption().long);
        }
        this.emit("afterHelp", eventContext);
        this._getCommandAndAncestors().forEach(
          (command) => command.emit("afterAllHelp", eventContext)
        );
      }
      /**
       * You can pass in flags and a description to customise the built-in help option.
       * Pass in false to disable the built-in help option.
       *
       * @example
       * program.helpOption('-?, --help' 'show help'); // customise
       * program.helpOption(false); // disable
       *
       * @param {(string | boolean)} flags
       * @param {string} [description]
       * @return {Command} `this` command for chaining
       */
      helpOption(flags, description) {
        if (typeof flags === "boolean") {
          if (flags) {
            if (this._helpOption === null) this._helpOption = void 0;
            if (this._defaultOptionGroup) {
              this._initOptionGroup(this._getHelpOption());
            }
          } else {
            this._helpOption = null;
          }
          return this;
        }
        this._helpOption = this.createOption(
          flags ?? "-h, --help",
          description ?? "display help for command"
        );
        if (flags || description) this._initOptionGroup(this._helpOption);
        return this;
      }
      /**
       * Lazy create help option.
       * Returns null if has been disabled with .helpOption(false).
       *
       * @returns {(Option | null)} the help option
       * @package
       */
      _getHelpOption() {
        if (this._helpOption === void 0) {
          this.helpOption(void 0, void 0);
        }
        return this._helpOption;
      }
      /**
       * Supply your own option to use for the built-in help option.
       * This is an alternative to using helpOption() to customise the flags and description etc.
       *
       * @param {Option} option
       * @return {Command} `this` command for chaining
       */
      addHelpOption(option) {
        this._helpOption = option;
        this._initOptionGroup(option);
        return this;
      }
      /**
       * Output help information and exit.
       *
       * Outputs built-in help, and custom text added using `.addHelpText()`.
       *
       * @param {{ error: boolean }} [contextOptions] - pass {error:true} to write to stderr instead of stdout
       */
      help(contextOptions) {
        this.outputHelp(contextOptions);
        let exitCode = Number(process4.exitCode ?? 0);
        if (exitCode === 0 && contextOptions && typeof contextOptions !== "function" && contextOptions.error) {
          exitCode = 1;
        }
        this._exit(exitCode, "commander.help", "(outputHelp)");
      }
      /**
       * // Do a little typing to coordinate emit and listener for the help text events.
       * @typedef HelpTextEventContext
       * @type {object}
       * @property {boolean} error
       * @property {Command} command
       * @property {function} write
       */
      /**
       * Add additional text to be displayed with the built-in help.
       *
       * Position is 'before' or 'after' to affect just this command,
       * and 'beforeAll' or 'afterAll' to affect this command and all its subcommands.
       *
       * @param {string} position - before or after built-in help
       * @param {(string | Function)} text - string to add, or a function returning a string
       * @return {Command} `this` command for chaining
       */
      addHelpText(position, text) {
        const allowedValues = ["beforeAll", "before", "after", "afterAll"];
        if (!allowedValues.includes(position)) {
          throw new Error(`Unexpected value for position to addHelpText.
Expecting one of '${allowedValues.join("', '")}'`);
        }
        const helpEvent = `${position}Help`;
        this.on(helpEvent, (context) => {
          let helpStr;
          if (typeof text === "function") {
            helpStr = text({ error: context.error, command: context.command });
          } else {
            helpStr = text;
          }
          if (helpStr) {
            context.write(`${helpStr}
`);
          }
        });
        return this;
      }
      /**
       * Output help information if help flags specified
       *
       * @param {Array} args - array of options to search for help flags
       * @private
       */
      _outputHelpIfRequested(args) {
        const helpOption = this._getHelpOption();
        const helpRequested = helpOption && args.find((arg) => helpOption.is(arg));
        if (helpRequested) {
          this.outputHelp();
          this._exit(0, "commander.helpDisplayed", "(outputHelp)");
        }
      }
    };
    function incrementNodeInspectorPort(args) {
      return args.map((arg) => {
        if (!arg.startsWith("--inspect")) {
          return arg;
        }
        let debugOption;
        let debugHost = "127.0.0.1";
        let debugPort = "9229";
        let match;
        if ((match = arg.match(/^(--inspect(-brk)?)$/)) !== null) {
          debugOption = match[1];
        } else if ((match = arg.match(/^(--inspect(-brk|-port)?)=([^:]+)$/)) !== null) {
          debugOption = match[1];
          if (/^\d+$/.test(match[3])) {
            debugPort = match[3];
          } else {
            debugHost = match[3];
          }
        } else if ((match = arg.match(/^(--inspect(-brk|-port)?)=([^:]+):(\d+)$/)) !== null) {
          debugOption = match[1];
          debugHost = match[3];
          debugPort = match[4];
        }
        if (debugOption && debugPort !== "0") {
          return `${debugOption}=${debugHost}:${parseInt(debugPort) + 1}`;
        }
        return arg;
      });
    }
    function useColor() {
      if (process4.env.NO_COLOR || process4.env.FORCE_COLOR === "0" || process4.env.FORCE_COLOR === "false")
        return false;
      if (process4.env.FORCE_COLOR || process4.env.CLICOLOR_FORCE !== void 0)
        return true;
      return void 0;
    }
    exports.Command = Command2;
    exports.useColor = useColor;
  }
});

// node_modules/commander/index.js
var require_commander = __commonJS({
  "node_modules/commander/index.js"(exports) {
    var { Argument: Argument2 } = require_argument();
    var { Command: Command2 } = require_command();
    var { CommanderError: CommanderError2, InvalidArgumentError: InvalidArgumentError2 } = require_error();
    var { Help: Help2 } = require_help();
    var { Option: Option2 } = require_option();
    exports.program = new Command2();
    exports.createCommand = (name) => new Command2(name);
    exports.createOption = (flags, description) => new Option2(flags, description);
    exports.createArgument = (name, description) => new Argument2(name, description);
    exports.Command = Command2;
    exports.Option = Option2;
    exports.Argument = Argument2;
    exports.Help = Help2;
    exports.CommanderError = CommanderError2;
    exports.InvalidArgumentError = InvalidArgumentError2;
    exports.InvalidOptionArgumentError = InvalidArgumentError2;
  }
});

// node_modules/@inquirer/core/dist/lib/key.js
function isKeybinding(value) {
  return keybindingLookup.has(value);
}
function getDefaultKeybindings() {
  const env = process.env["INQUIRER_KEYBINDINGS"];
  if (!env)
    return [];
  return Array.from(new Set(env.toLowerCase().split(/[\s,]+/).filter(isKeybinding)));
}
var keybindings, keybindingLookup, isTabKey, isEnterKey;
var init_key = __esm({
  "node_modules/@inquirer/core/dist/lib/key.js"() {
    keybindings = ["emacs", "vim"];
    keybindingLookup = new Set(keybindings);
    isTabKey = (key) => key.name === "tab";
    isEnterKey = (key) => key.name === "enter" || key.name === "return";
  }
});

// node_modules/@inquirer/core/dist/lib/errors.js
var AbortPromptError, CancelPromptError, ExitPromptError, HookError, ValidationError;
var init_errors = __esm({
  "node_modules/@inquirer/core/dist/lib/errors.js"() {
    AbortPromptError = class extends Error {
      name = "AbortPromptError";
      message = "Prompt was aborted";
      constructor(options) {
        super();
        this.cause = options?.cause;
      }
    };
    CancelPromptError = class extends Error {
      name = "CancelPromptError";
      message = "Prompt was canceled";
    };
    ExitPromptError = class extends Error {
      name = "ExitPromptError";
    };
    HookError = class extends Error {
      name = "HookError";
    };
    ValidationError = class extends Error {
      name = "ValidationError";
    };
  }
});

// node_modules/@inquirer/core/dist/lib/hook-engine.js
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
function createStore(rl) {
  const store = {
    rl,
    hooks: [],
    hooksCleanup: [],
    hooksEffect: [],
    index: 0,
    handleChange() {
    }
  };
  return store;
}
function withHooks(rl, cb) {
  const store = createStore(rl);
  function cycle(render) {
    store.handleChange = () => {
      store.index = 0;
      render();
    };
    store.handleChange();
  }
  return hookStorage.run(store, () => cb(cycle));
}
function getStore() {
  const store = hookStorage.getStore();
  if (!store) {
    throw new HookError("[Inquirer] Hook functions can only be called from within a prompt");
  }
  return store;
}
function readline() {
  return getStore().rl;
}
function withUpdates(fn) {
  const wrapped = (...args) => {
    const store = getStore();
    let shouldUpdate = false;
    const oldHandleChange = store.handleChange;
    store.handleChange = () => {
      shouldUpdate = true;
    };
    const returnValue = fn(...args);
    if (shouldUpdate) {
      oldHandleChange();
    }
    store.handleChange = oldHandleChange;
    return returnValue;
  };
  return AsyncResource.bind(wrapped);
}
function withPointer(cb) {
  const store = getStore();
  const { index } = store;
  const pointer = {
    get() {
      return store.hooks[index];
    },
    set(value) {
      store.hooks[index] = value;
    },
    initialized: index in store.hooks
  };
  const returnValue = cb(pointer);
  store.index++;
  return returnValue;
}
function handleChange() {
  getStore().handleChange();
}
var hookStorage, effectScheduler;
var init_hook_engine = __esm({
  "node_modules/@inquirer/core/dist/lib/hook-engine.js"() {
    init_errors();
    hookStorage = new AsyncLocalStorage();
    effectScheduler = {
      queue(cb) {
        const store = getStore();
        const { index } = store;
        store.hooksEffect.push(() => {
          store.hooksCleanup[index]?.();
          const cleanFn = cb(readline());
          if (cleanFn != null && typeof cleanFn !== "function") {
            throw new ValidationError("useEffect return value must be a cleanup function or nothing.");
          }
          store.hooksCleanup[index] = cleanFn;
        });
      },
      run() {
        const store = getStore();
        withUpdates(() => {
          store.hooksEffect.forEach((effect) => {
            effect();
          });
          store.hooksEffect.length = 0;
        })();
      },
      clearAll() {
        const store = getStore();
        store.hooksCleanup.forEach((cleanFn) => {
          cleanFn?.();
        });
        store.hooksEffect.length = 0;
        store.hooksCleanup.length = 0;
      }
    };
  }
});

// node_modules/@inquirer/core/dist/lib/use-state.js
import { AsyncResource as AsyncResource2 } from "node:async_hooks";
function isFactory(value) {
  return typeof value === "function";
}
function isReducer(value) {
  return typeof value === "function";
}
function useState(defaultValue) {
  return withPointer((pointer) => {
    const setState = AsyncResource2.bind(function setState2(newValue) {
      const currentValue = pointer.get();
      const nextValue = isReducer(newValue) ? newValue(currentValue) : newValue;
      if (!Object.is(currentValue, nextValue)) {
        pointer.set(nextValue);
        handleChange();
      }
    });
    if (pointer.initialized) {
      return [pointer.get(), setState];
    }
    const value = isFactory(defaultValue) ? defaultValue() : defaultValue;
    pointer.set(value);
    return [value, setState];
  });
}
var init_use_state = __esm({
  "node_modules/@inquirer/core/dist/lib/use-state.js"() {
    init_hook_engine();
  }
});

// node_modules/@inquirer/core/dist/lib/use-effect.js
function useEffect(cb, depArray) {
  withPointer((pointer) => {
    const oldDeps = pointer.get();
    const hasChanged = !Array.isArray(oldDeps) || depArray.some((dep, i) => !Object.is(dep, oldDeps[i]));
    if (hasChanged) {
      effectScheduler.queue(cb);
    }
    pointer.set(depArray);
  });
}
var init_use_effect = __esm({
  "node_modules/@inquirer/core/dist/lib/use-effect.js"() {
    init_hook_engine();
  }
});

// node_modules/@inquirer/figures/dist/index.js
import process2 from "node:process";
function isUnicodeSupported() {
  if (!process2.platform.startsWith("win")) {
    return process2.env["TERM"] !== "linux";
  }
  return Boolean(process2.env["CI"]) || // CI environments generally support unicode
  Boolean(process2.env["WT_SESSION"]) || // Windows Terminal
  Boolean(process2.env["TERMINUS_SUBLIME"]) || // Terminus (<0.2.27)
  process2.env["ConEmuTask"] === "{cmd::Cmder}" || // ConEmu and cmder
  process2.env["TERM_PROGRAM"] === "Terminus-Sublime" || process2.env["TERM_PROGRAM"] === "vscode" || process2.env["TERM"] === "xterm-256color" || process2.env["TERM"] === "alacritty" || process2.env["TERMINAL_EMULATOR"] === "JetBrains-JediTerm";
}
var common, specialMainSymbols, specialFallbackSymbols, mainSymbols, fallbackSymbols, shouldUseMain, figures, dist_default, replacements;
var init_dist = __esm({
  "node_modules/@inquirer/figures/dist/index.js"() {
    common = {
      circleQuestionMark: "(?)",
      questionMarkPrefix: "(?)",
      square: "█",
      squareDarkShade: "▓",
      squareMediumShade: "▒",
      squareLightShade: "░",
      squareTop: "▀",
      squareBottom: "▄",
      squareLeft: "▌",
      squareRight: "▐",
      squareCenter: "■",
      bullet: "●",
      dot: "․",
      ellipsis: "…",
      pointerSmall: "›",
      triangleUp: "▲",
      triangleUpSmall: "▴",
      triangleDown: "▼",
      triangleDownSmall: "▾",
      triangleLeftSmall: "◂",
      triangleRightSmall: "▸",
      home: "⌂",
      heart: "♥",
      musicNote: "♪",
      musicNoteBeamed: "♫",
      arrowUp: "↑",
      arrowDown: "↓",
      arrowLeft: "←",
      arrowRight: "→",
      arrowLeftRight: "↔",
      arrowUpDown: "↕",
      almostEqual: "≈",
      notEqual: "≠",
      lessOrEqual: "≤",
      greaterOrEqual: "≥",
      identical: "≡",
      infinity: "∞",
      subscriptZero: "₀",
      subscriptOne: "₁",
      subscriptTwo: "₂",
      subscriptThree: "₃",
      subscriptFour: "₄",
      subscriptFive: "₅",
      subscriptSix: "₆",
      subscriptSeven: "₇",
      subscriptEight: "₈",
      subscriptNine: "₉",
      oneHalf: "½",
      oneThird: "⅓",
      oneQuarter: "¼",
      oneFifth: "⅕",
      oneSixth: "⅙",
      oneEighth: "⅛",
      twoThirds: "⅔",
      twoFifths: "⅖",
      threeQuarters: "¾",
      threeFifths: "⅗",
      threeEighths: "⅜",
      fourFifths: "⅘",
      fiveSixths: "⅚",
      fiveEighths: "⅝",
      sevenEighths: "⅞",
      line: "─",
      lineBold: "━",
      lineDouble: "═",
      lineDashed0: "┄",
      lineDashed1: "┅",
      lineDashed2: "┈",
      lineDashed3: "┉",
      lineDashed4: "╌",
      lineDashed5: "╍",
      lineDashed6: "╴",
      lineDashed7: "╶",
      lineDashed8: "╸",
      lineDashed9: "╺",
      lineDashed10: "╼",
      lineDashed11: "╾",
      lineDashed12: "−",
      lineDashed13: "–",
      lineDashed14: "‐",
      lineDashed15: "⁃",
      lineVertical: "│",
      lineVerticalBold: "┃",
      lineVerticalDouble: "║",
      lineVerticalDashed0: "┆",
      lineVerticalDashed1: "┇",
      lineVerticalDashed2: "┊",
      lineVerticalDashed3: "┋",
      lineVerticalDashed4: "╎",
      lineVerticalDashed5: "╏",
      lineVerticalDashed6: "╵",
      lineVerticalDashed7: "╷",
      lineVerticalDashed8: "╹",
      lineVerticalDashed9: "╻",
      lineVerticalDashed10: "╽",
      lineVerticalDashed11: "╿",
      lineDownLeft: "┐",
      lineDownLeftArc: "╮",
      lineDownBoldLeftBold: "┓",
      lineDownBoldLeft: "┒",
      lineDownLeftBold: "┑",
      lineDownDoubleLeftDouble: "╗",
      lineDownDoubleLeft: "╖",
      lineDownLeftDouble: "╕",
      lineDownRight: "┌",
      lineDownRightArc: "╭",
      lineDownBoldRightBold: "┏",
      lineDownBoldRight: "┎",
      lineDownRightBold: "┍",
      lineDownDoubleRightDouble: "╔",
      lineDownDoubleRight: "╓",
      lineDownRightDouble: "╒",
      lineUpLeft: "┘",
      lineUpLeftArc: "╯",
      lineUpBoldLeftBold: "┛",
      lineUpBoldLeft: "┚",
      lineUpLeftBold: "┙",
      lineUpDoubleLeftDouble: "╝",
      lineUpDoubleLeft: "╜",
      lineUpLeftDouble: "╛",
      lineUpRight: "└",
      lineUpRightArc: "╰",
      lineUpBoldRightBold: "┗",
      lineUpBoldRight: "┖",
      lineUpRightBold: "┕",
      lineUpDoubleRightDouble: "╚",
      lineUpDoubleRight: "╙",
      lineUpRightDouble: "╘",
      lineUpDownLeft: "┤",
      lineUpBoldDownBoldLeftBold: "┫",
      lineUpBoldDownBoldLeft: "┨",
      lineUpDownLeftBold: "┥",
      lineUpBoldDownLeftBold: "┩",
      lineUpDownBoldLeftBold: "┪",
      lineUpDownBoldLeft: "┧",
      lineUpBoldDownLeft: "┦",
      lineUpDoubleDownDoubleLeftDouble: "╣",
      lineUpDoubleDownDoubleLeft: "╢",
      lineUpDownLeftDouble: "╡",
      lineUpDownRight: "├",
      lineUpBoldDownBoldRightBold: "┣",
      lineUpBoldDownBoldRight: "┠",
      lineUpDownRightBold: "┝",
      lineUpBoldDownRightBold: "┡",
      lineUpDownBoldRightBold: "┢",
      lineUpDownBoldRight: "┟",
      lineUpBoldDownRight: "┞",
      lineUpDoubleDownDoubleRightDouble: "╠",
      lineUpDoubleDownDoubleRight: "╟",
      lineUpDownRightDouble: "╞",
      lineDownLeftRight: "┬",
      lineDownBoldLeftBoldRightBold: "┳",
      lineDownLeftBoldRightBold: "┯",
      lineDownBoldLeftRight: "┰",
      lineDownBoldLeftBoldRight: "┱",
      lineDownBoldLeftRightBold: "┲",
      lineDownLeftRightBold: "┮",
      lineDownLeftBoldRight: "┭",
      lineDownDoubleLeftDoubleRightDouble: "╦",
      lineDownDoubleLeftRight: "╥",
      lineDownLeftDoubleRightDouble: "╤",
      lineUpLeftRight: "┴",
      lineUpBoldLeftBoldRightBold: "┻",
      lineUpLeftBoldRightBold: "┷",
      lineUpBoldLeftRight: "┸",
      lineUpBoldLeftBoldRight: "┹",
      lineUpBoldLeftRightBold: "┺",
      lineUpLeftRightBold: "┶",
      lineUpLeftBoldRight: "┵",
      lineUpDoubleLeftDoubleRightDouble: "╩",
      lineUpDoubleLeftRight: "╨",
      lineUpLeftDoubleRightDouble: "╧",
      lineUpDownLeftRight: "┼",
      lineUpBoldDownBoldLeftBoldRightBold: "╋",
      lineUpDownBoldLeftBoldRightBold: "╈",
      lineUpBoldDownLeftBoldRightBold: "╇",
      lineUpBoldDownBoldLeftRightBold: "╊",
      lineUpBoldDownBoldLeftBoldRight: "╉",
      lineUpBoldDownLeftRight: "╀",
      lineUpDownBoldLeftRight: "╁",
      lineUpDownLeftBoldRight: "┽",
      lineUpDownLeftRightBold: "┾",
      lineUpBoldDownBoldLeftRight: "╂",
      lineUpDownLeftBoldRightBold: "┿",
      lineUpBoldDownLeftBoldRight: "╃",
      lineUpBoldDownLeftRightBold: "╄",
      lineUpDownBoldLeftBoldRight: "╅",
      lineUpDownBoldLeftRightBold: "╆",
      lineUpDoubleDownDoubleLeftDoubleRightDouble: "╬",
      lineUpDoubleDownDoubleLeftRight: "╫",
      lineUpDownLeftDoubleRightDouble: "╪",
      lineCross: "╳",
      lineBackslash: "╲",
      lineSlash: "╱"
    };
    specialMainSymbols = {
      tick: "✔",
      info: "ℹ",
      warning: "⚠",
      cross: "✘",
      squareSmall: "◻",
      squareSmallFilled: "◼",
      circle: "◯",
      circleFilled: "◉",
      circleDotted: "◌",
      circleDouble: "◎",
      circleCircle: "ⓞ",
      circleCross: "ⓧ",
      circlePipe: "Ⓘ",
      radioOn: "◉",
      radioOff: "◯",
      checkboxOn: "☒",
      checkboxOff: "☐",
      checkboxCircleOn: "ⓧ",
      checkboxCircleOff: "Ⓘ",
      pointer: "❯",
      triangleUpOutline: "△",
      triangleLeft: "◀",
      triangleRight: "▶",
      lozenge: "◆",
      lozengeOutline: "◇",
      hamburger: "☰",
      smiley: "㋡",
      mustache: "෴",
      star: "★",
      play: "▶",
      nodejs: "⬢",
      oneSeventh: "⅐",
      oneNinth: "⅑",
      oneTenth: "⅒"
    };
    specialFallbackSymbols = {
      tick: "√",
      info: "i",
      warning: "‼",
      cross: "×",
      squareSmall: "□",
      squareSmallFilled: "■",
      circle: "( )",
      circleFilled: "(*)",
      circleDotted: "( )",
      circleDouble: "( )",
      circleCircle: "(○)",
      circleCross: "(×)",
      circlePipe: "(│)",
      radioOn: "(*)",
      radioOff: "( )",
      checkboxOn: "[×]",
      checkboxOff: "[ ]",
      checkboxCircleOn: "(×)",
      checkboxCircleOff: "( )",
      pointer: ">",
      triangleUpOutline: "∆",
      triangleLeft: "◄",
      triangleRight: "►",
      lozenge: "♦",
      lozengeOutline: "◊",
      hamburger: "≡",
      smiley: "☺",
      mustache: "┌─┐",
      star: "✶",
      play: "►",
      nodejs: "♦",
      oneSeventh: "1/7",
      oneNinth: "1/9",
      oneTenth: "1/10"
    };
    mainSymbols = {
      ...common,
      ...specialMainSymbols
    };
    fallbackSymbols = {
      ...common,
      ...specialFallbackSymbols
    };
    shouldUseMain = isUnicodeSupported();
    figures = shouldUseMain ? mainSymbols : fallbackSymbols;
    dist_default = figures;
    replacements = Object.entries(specialMainSymbols);
  }
});

// node_modules/@inquirer/core/dist/lib/theme.js
import { styleText } from "node:util";
function getDefaultTheme() {
  return {
    ...defaultTheme,
    keybindings: getDefaultKeybindings()
  };
}
var defaultTheme;
var init_theme = __esm({
  "node_modules/@inquirer/core/dist/lib/theme.js"() {
    init_dist();
    init_key();
    defaultTheme = {
      prefix: {
        idle: styleText("blue", "?"),
        done: styleText("green", dist_default.tick)
      },
      spinner: {
        interval: 80,
        frames: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"].map((frame) => styleText("yellow", frame))
      },
      keybindings: [],
      style: {
        answer: (text) => styleText("cyan", text),
        message: (text) => styleText("bold", text),
        error: (text) => styleText("red", `> ${text}`),
        defaultAnswer: (text) => styleText("dim", `(${text})`),
        help: (text) => styleText("dim", text),
        highlight: (text) => styleText("cyan", text),
        key: (text) => styleText("cyan", styleText("bold", `<${text}>`))
      }
    };
  }
});

// node_modules/@inquirer/core/dist/lib/make-theme.js
function isPlainObject(value) {
  if (typeof value !== "object" || value === null)
    return false;
  let proto = value;
  while (Object.getPrototypeOf(proto) !== null) {
    proto = Object.getPrototypeOf(proto);
  }
  return Object.getPrototypeOf(value) === proto;
}
function deepMerge(...objects) {
  const output = {};
  for (const obj of objects) {
    for (const [key, value] of Object.entries(obj)) {
      const prevValue = output[key];
      output[key] = isPlainObject(prevValue) && isPlainObject(value) ? deepMerge(prevValue, value) : value;
    }
  }
  return output;
}
function makeTheme(...themes) {
  const themesToMerge = [
    getDefaultTheme(),
    ...themes.filter((theme) => theme != null)
  ];
  return deepMerge(...themesToMerge);
}
var init_make_theme = __esm({
  "node_modules/@inquirer/core/dist/lib/make-theme.js"() {
    init_theme();
  }
});

// node_modules/@inquirer/core/dist/lib/use-prefix.js
function usePrefix({ status = "idle", theme }) {
  const [showLoader, setShowLoader] = useState(false);
  const [tick, setTick] = useState(0);
  const { prefix, spinner } = makeTheme(theme);
  useEffect(() => {
    if (status === "loading") {
      let tickInterval;
      let inc = -1;
      const delayTimeout = setTimeout(() => {
        setShowLoader(true);
        tickInterval = setInterval(() => {
          inc = inc + 1;
          setTick(inc % spinner.frames.length);
        }, spinner.interval);
      }, 300);
      return () => {
        clearTimeout(delayTimeout);
        clearInterval(tickInterval);
      };
    } else {
      setShowLoader(false);
    }
  }, [status]);
  if (showLoader) {
    return spinner.frames[tick];
  }
  const iconName = status === "loading" ? "idle" : status;
  return typeof prefix === "string" ? prefix : prefix[iconName] ?? prefix["idle"];
}
var init_use_prefix = __esm({
  "node_modules/@inquirer/core/dist/lib/use-prefix.js"() {
    init_use_state();
    init_use_effect();
    init_make_theme();
  }
});

// node_modules/@inquirer/core/dist/lib/use-ref.js
function useRef(val) {
  return useState({ current: val })[0];
}
var init_use_ref = __esm({
  "node_modules/@inquirer/core/dist/lib/use-ref.js"() {
    init_use_state();
  }
});

// node_modules/@inquirer/core/dist/lib/use-keypress.js
function useKeypress(userHandler) {
  const signal = useRef(userHandler);
  signal.current = userHandler;
  useEffect((rl) => {
    let ignore = false;
    const handler = withUpdates((_input, event) => {
      if (ignore)
        return;
      void signal.current(event, rl);
    });
    rl.input.on("keypress", handler);
    return () => {
      ignore = true;
      rl.input.removeListener("keypress", handler);
    };
  }, []);
}
var init_use_keypress = __esm({
  "node_modules/@inquirer/core/dist/lib/use-keypress.js"() {
    init_use_ref();
    init_use_effect();
    init_hook_engine();
  }
});

// node_modules/cli-width/index.js
var require_cli_width = __commonJS({
  "node_modules/cli-width/index.js"(exports, module) {
    "use strict";
    module.exports = cliWidth2;
    function normalizeOpts(options) {
      const defaultOpts = {
        defaultWidth: 0,
        output: process.stdout,
        tty: __require("tty")
      };
      if (!options) {
        return defaultOpts;
      }
      Object.keys(defaultOpts).forEach(function(key) {
        if (!options[key]) {
          options[key] = defaultOpts[key];
        }
      });
      return options;
    }
    function cliWidth2(options) {
      const opts = normalizeOpts(options);
      if (opts.output.getWindowSize) {
        return opts.output.getWindowSize()[0] || opts.defaultWidth;
      }
      if (opts.tty.getWindowSize) {
        return opts.tty.getWindowSize()[1] || opts.defaultWidth;
      }
      if (opts.output.columns) {
        return opts.output.columns;
      }
      if (process.env.CLI_WIDTH) {
        const width = parseInt(process.env.CLI_WIDTH, 10);
        if (!isNaN(width) && width !== 0) {
          return width;
        }
      }
      return opts.defaultWidth;
    }
  }
});

// node_modules/fast-string-truncated-width/dist/utils.js
var getCodePointsLength, isFullWidth, isWideNotCJKTNotEmoji;
var init_utils = __esm({
  "node_modules/fast-string-truncated-width/dist/utils.js"() {
    getCodePointsLength = /* @__PURE__ */ (() => {
      const SURROGATE_PAIR_RE = /[\uD800-\uDBFF][\uDC00-\uDFFF]/g;
      return (input) => {
        let surrogatePairsNr = 0;
        SURROGATE_PAIR_RE.lastIndex = 0;
        while (SURROGATE_PAIR_RE.test(input)) {
          surrogatePairsNr += 1;
        }
        return input.length - surrogatePairsNr;
      };
    })();
    isFullWidth = (x) => {
      return x === 12288 || x >= 65281 && x <= 65376 || x >= 65504 && x <= 65510;
    };
    isWideNotCJKTNotEmoji = (x) => {
      return x === 8987 || x === 9001 || x >= 12272 && x <= 12287 || x >= 12289 && x <= 12350 || x >= 12441 && x <= 12543 || x >= 12549 && x <= 12591 || x >= 12593 && x <= 12686 || x >= 12688 && x <= 12771 || x >= 12783 && x <= 12830 || x >= 12832 && x <= 12871 || x >= 12880 && x <= 19903 || x >= 65040 && x <= 65049 || x >= 65072 && x <= 65106 || x >= 65108 && x <= 65126 || x >= 65128 && x <= 65131 || x >= 127488 && x <= 127490 || x >= 127504 && x <= 127547 || x >= 127552 && x <= 127560 || x >= 131072 && x <= 196605 || x >= 196608 && x <= 262141;
    };
  }
});

// node_modules/fast-string-truncated-width/dist/index.js
var ANSI_RE, CONTROL_RE, CJKT_WIDE_RE, TAB_RE, EMOJI_RE, LATIN_RE, MODIFIER_RE, NO_TRUNCATION, getStringTruncatedWidth, dist_default2;
var init_dist2 = __esm({
  "node_modules/fast-string-truncated-width/dist/index.js"() {
    init_utils();
    ANSI_RE = /[\u001b\u009b][[()#;?]*(?:[0-9]{1,4}(?:;[0-9]{0,4})*)?[0-9A-ORZcf-nqry=><]|\u001b\]8;[^;]*;.*?(?:\u0007|\u001b\u005c)/y;
    CONTROL_RE = /[\x00-\x08\x0A-\x1F\x7F-\x9F]{1,1000}/y;
    CJKT_WIDE_RE = /(?:(?![\uFF61-\uFF9F\uFF00-\uFFEF])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Tangut}]){1,1000}/yu;
    TAB_RE = /\t{1,1000}/y;
    EMOJI_RE = new RegExp("[\\u{1F1E6}-\\u{1F1FF}]{2}|\\u{1F3F4}[\\u{E0061}-\\u{E007A}]{2}[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{1,3}\\u{E007F}|(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|\\p{Emoji_Presentation})(?:\\u200D(?:\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|\\p{Emoji_Presentation}|\\p{Emoji}\\uFE0F\\u20E3?))*", "yu");
    LATIN_RE = /(?:[\x20-\x7E\xA0-\xFF](?!\uFE0F)){1,1000}/y;
    MODIFIER_RE = new RegExp("\\p{M}+", "gu");
    NO_TRUNCATION = { limit: Infinity, ellipsis: "" };
    getStringTruncatedWidth = (input, truncationOptions = {}, widthOptions = {}) => {
      const LIMIT2 = truncationOptions.limit ?? Infinity;
      const ELLIPSIS = truncationOptions.ellipsis ?? "";
      const ELLIPSIS_WIDTH = truncationOptions?.ellipsisWidth ?? (ELLIPSIS ? getStringTruncatedWidth(ELLIPSIS, NO_TRUNCATION, widthOptions).width : 0);
      const ANSI_WIDTH = 0;
      const CONTROL_WIDTH = widthOptions.controlWidth ?? 0;
      const TAB_WIDTH = widthOptions.tabWidth ?? 8;
      const EMOJI_WIDTH = widthOptions.emojiWidth ?? 2;
      const FULL_WIDTH_WIDTH = 2;
      const REGULAR_WIDTH = widthOptions.regularWidth ?? 1;
      const WIDE_WIDTH = widthOptions.wideWidth ?? FULL_WIDTH_WIDTH;
      const PARSE_BLOCKS = [
        [LATIN_RE, REGULAR_WIDTH],
        [ANSI_RE, ANSI_WIDTH],
        [CONTROL_RE, CONTROL_WIDTH],
        [TAB_RE, TAB_WIDTH],
        [EMOJI_RE, EMOJI_WIDTH],
        [CJKT_WIDE_RE, WIDE_WIDTH]
      ];
      let indexPrev = 0;
      let index = 0;
      let length = input.length;
      let lengthExtra = 0;
      let truncationEnabled = false;
      let truncationIndex = length;
      let truncationLimit = Math.max(0, LIMIT2 - ELLIPSIS_WIDTH);
      let unmatchedStart = 0;
      let unmatchedEnd = 0;
      let width = 0;
      let widthExtra = 0;
      outer: while (true) {
        if (unmatchedEnd > unmatchedStart || index >= length && index > indexPrev) {
          const unmatched = input.slice(unmatchedStart, unmatchedEnd) || input.slice(indexPrev, index);
          lengthExtra = 0;
          for (const char of unmatched.replaceAll(MODIFIER_RE, "")) {
            const codePoint = char.codePointAt(0) || 0;
            if (isFullWidth(codePoint)) {
              widthExtra = FULL_WIDTH_WIDTH;
            } else if (isWideNotCJKTNotEmoji(codePoint)) {
              widthExtra = WIDE_WIDTH;
            } else {
              widthExtra = REGULAR_WIDTH;
            }
            if (width + widthExtra > truncationLimit) {
              truncationIndex = Math.min(truncationIndex, Math.max(unmatchedStart, indexPrev) + lengthExtra);
            }
            if (width + widthExtra > LIMIT2) {
              truncationEnabled = true;
              break outer;
            }
            lengthExtra += char.length;
            width += widthExtra;
          }
          unmatchedStart = unmatchedEnd = 0;
        }
        if (index >= length) {
          break outer;
        }
        for (let i = 0, l = PARSE_BLOCKS.length; i < l; i++) {
          const [BLOCK_RE, BLOCK_WIDTH] = PARSE_BLOCKS[i];
          BLOCK_RE.lastIndex = index;
          if (BLOCK_RE.test(input)) {
            lengthExtra = BLOCK_RE === CJKT_WIDE_RE ? getCodePointsLength(input.slice(index, BLOCK_RE.lastIndex)) : BLOCK_RE === EMOJI_RE ? 1 : BLOCK_RE.lastIndex - index;
            widthExtra = lengthExtra * BLOCK_WIDTH;
            if (width + widthExtra > truncationLimit) {
              truncationIndex = Math.min(truncationIndex, index + Math.floor((truncationLimit - width) / BLOCK_WIDTH));
            }
            if (width + widthExtra > LIMIT2) {
              truncationEnabled = true;
              break outer;
            }
            width += widthExtra;
            unmatchedStart = indexPrev;
            unmatchedEnd = index;
            index = indexPrev = BLOCK_RE.lastIndex;
            continue outer;
          }
        }
        index += 1;
      }
      return {
        width: truncationEnabled ? truncationLimit : width,
        index: truncationEnabled ? truncationIndex : length,
        truncated: truncationEnabled,
        ellipsed: truncationEnabled && LIMIT2 >= ELLIPSIS_WIDTH
      };
    };
    dist_default2 = getStringTruncatedWidth;
  }
});

// node_modules/fast-string-width/dist/index.js
var NO_TRUNCATION2, fastStringWidth, dist_default3;
var init_dist3 = __esm({
  "node_modules/fast-string-width/dist/index.js"() {
    init_dist2();
    NO_TRUNCATION2 = {
      limit: Infinity,
      ellipsis: "",
      ellipsisWidth: 0
    };
    fastStringWidth = (input, options = {}) => {
      return dist_default2(input, NO_TRUNCATION2, options).width;
    };
    dist_default3 = fastStringWidth;
  }
});

// node_modules/fast-wrap-ansi/lib/main.js
function wrapAnsi(string, columns, options) {
  return String(string).normalize().split(CRLF_OR_LF).map((line2) => exec(line2, columns, options)).join("\n");
}
var ESC, CSI, END_CODE, ANSI_ESCAPE_BELL, ANSI_CSI, ANSI_OSC, ANSI_SGR_TERMINATOR, ANSI_ESCAPE_LINK, GROUP_REGEX, getClosingCode, wrapAnsiCode, wrapAnsiHyperlink, wrapWord, stringVisibleTrimSpacesRight, exec, CRLF_OR_LF;
var init_main = __esm({
  "node_modules/fast-wrap-ansi/lib/main.js"() {
    init_dist3();
    ESC = "\x1B";
    CSI = "";
    END_CODE = 39;
    ANSI_ESCAPE_BELL = "\x07";
    ANSI_CSI = "[";
    ANSI_OSC = "]";
    ANSI_SGR_TERMINATOR = "m";
    ANSI_ESCAPE_LINK = `${ANSI_OSC}8;;`;
    GROUP_REGEX = new RegExp(`(?:\\${ANSI_CSI}(?<code>\\d+)m|\\${ANSI_ESCAPE_LINK}(?<uri>.*)${ANSI_ESCAPE_BELL})`, "y");
    getClosingCode = (openingCode) => {
      if (openingCode >= 30 && openingCode <= 37)
        return 39;
      if (openingCode >= 90 && openingCode <= 97)
        return 39;
      if (openingCode >= 40 && openingCode <= 47)
        return 49;
      if (openingCode >= 100 && openingCode <= 107)
        return 49;
      if (openingCode === 1 || openingCode === 2)
        return 22;
      if (openingCode === 3)
        return 23;
      if (openingCode === 4)
        return 24;
      if (openingCode === 7)
        return 27;
      if (openingCode === 8)
        return 28;
      if (openingCode === 9)
        return 29;
      if (openingCode === 0)
        return 0;
      return void 0;
    };
    wrapAnsiCode = (code) => `${ESC}${ANSI_CSI}${code}${ANSI_SGR_TERMINATOR}`;
    wrapAnsiHyperlink = (url) => `${ESC}${ANSI_ESCAPE_LINK}${url}${ANSI_ESCAPE_BELL}`;
    wrapWord = (rows, word, columns) => {
      const characters = word[Symbol.iterator]();
      let isInsideEscape = false;
      let isInsideLinkEscape = false;
      let lastRow = rows.at(-1);
      let visible = lastRow === void 0 ? 0 : dist_default3(lastRow);
      let currentCharacter = characters.next();
      let nextCharacter = characters.next();
      let rawCharacterIndex = 0;
      while (!currentCharacter.done) {
        const character = currentCharacter.value;
        const characterLength = dist_default3(character);
        if (visible + characterLength <= columns) {
          rows[rows.length - 1] += character;
        } else {
          rows.push(character);
          visible = 0;
        }
        if (character === ESC || character === CSI) {
          isInsideEscape = true;
          isInsideLinkEscape = word.startsWith(ANSI_ESCAPE_LINK, rawCharacterIndex + 1);
        }
        if (isInsideEscape) {
          if (isInsideLinkEscape) {
            if (character === ANSI_ESCAPE_BELL) {
              isInsideEscape = false;
              isInsideLinkEscape = false;
            }
          } else if (character === ANSI_SGR_TERMINATOR) {
            isInsideEscape = false;
          }
        } else {
          visible += characterLength;
          if (visible === columns && !nextCharacter.done) {
            rows.push("");
            visible = 0;
          }
        }
        currentCharacter = nextCharacter;
        nextCharacter = characters.next();
        rawCharacterIndex += character.length;
      }
      lastRow = rows.at(-1);
      if (!visible && lastRow !== void 0 && lastRow.length && rows.length > 1) {
        rows[rows.length - 2] += rows.pop();
      }
    };
    stringVisibleTrimSpacesRight = (string) => {
      const words = string.split(" ");
      let last = words.length;
      while (last) {
        if (dist_default3(words[last - 1])) {
          break;
        }
        last--;
      }
      if (last === words.length) {
        return string;
      }
      return words.slice(0, last).join(" ") + words.slice(last).join("");
    };
    exec = (string, columns, options = {}) => {
      if (options.trim !== false && string.trim() === "") {
        return "";
      }
      let returnValue = "";
      let escapeCode;
      let escapeUrl;
      const words = string.split(" ");
      let rows = [""];
      let rowLength = 0;
      for (let index = 0; index < words.length; index++) {
        const word = words[index];
        if (options.trim !== false) {
          const row = rows.at(-1) ?? "";
          const trimmed = row.trimStart();
          if (row.length !== trimmed.length) {
            rows[rows.length - 1] = trimmed;
            rowLength = dist_default3(trimmed);
          }
        }
        if (index !== 0) {
          if (rowLength >= columns && (options.wordWrap === false || options.trim === false)) {
            rows.push("");
            rowLength = 0;
          }
          if (rowLength || options.trim === false) {
            rows[rows.length - 1] += " ";
            rowLength++;
          }
        }
        const wordLength = dist_default3(word);
        if (options.hard && wordLength > columns) {
          const remainingColumns = columns - rowLength;
          const breaksStartingThisLine = 1 + Math.floor((wordLength - remainingColumns - 1) / columns);
          const breaksStartingNextLine = Math.floor((wordLength - 1) / columns);
          if (breaksStartingNextLine < breaksStartingThisLine) {
            rows.push("");
          }
          wrapWord(rows, word, columns);
          rowLength = dist_default3(rows.at(-1) ?? "");
          continue;
        }
        if (rowLength + wordLength > columns && rowLength && wordLength) {
          if (options.wordWrap === false && rowLength < columns) {
            wrapWord(rows, word, columns);
            rowLength = dist_default3(rows.at(-1) ?? "");
            continue;
          }
          rows.push("");
          rowLength = 0;
        }
        if (rowLength + wordLength > columns && options.wordWrap === false) {
          wrapWord(rows, word, columns);
          rowLength = dist_default3(rows.at(-1) ?? "");
          continue;
        }
        rows[rows.length - 1] += word;
        rowLength += wordLength;
      }
      if (options.trim !== false) {
        rows = rows.map((row) => stringVisibleTrimSpacesRight(row));
      }
      const preString = rows.join("\n");
      let inSurrogate = false;
      for (let i = 0; i < preString.length; i++) {
        const character = preString[i];
        returnValue += character;
        if (!inSurrogate) {
          inSurrogate = character >= "\uD800" && character <= "\uDBFF";
          if (inSurrogate) {
            continue;
          }
        } else {
          inSurrogate = false;
        }
        if (character === ESC || character === CSI) {
          GROUP_REGEX.lastIndex = i + 1;
          const groupsResult = GROUP_REGEX.exec(preString);
          const groups = groupsResult?.groups;
          if (groups?.code !== void 0) {
            const code = Number.parseFloat(groups.code);
            escapeCode = code === END_CODE ? void 0 : code;
          } else if (groups?.uri !== void 0) {
            escapeUrl = groups.uri.length === 0 ? void 0 : groups.uri;
          }
        }
        if (preString[i + 1] === "\n") {
          if (escapeUrl) {
            returnValue += wrapAnsiHyperlink("");
          }
          const closingCode = escapeCode ? getClosingCode(escapeCode) : void 0;
          if (escapeCode && closingCode) {
            returnValue += wrapAnsiCode(closingCode);
          }
        } else if (character === "\n") {
          if (escapeCode && getClosingCode(escapeCode)) {
            returnValue += wrapAnsiCode(escapeCode);
          }
          if (escapeUrl) {
            returnValue += wrapAnsiHyperlink(escapeUrl);
          }
        }
      }
      return returnValue;
    };
    CRLF_OR_LF = /\r?\n/;
  }
});

// node_modules/@inquirer/core/dist/lib/utils.js
function breakLines(content, width) {
  return content.split("\n").flatMap((line2) => wrapAnsi(line2, width, { trim: false, wordWrap: false }).split("\n").map((str) => str.trimEnd())).join("\n");
}
function readlineWidth() {
  return (0, import_cli_width.default)({ defaultWidth: 80, output: readline().output });
}
var import_cli_width;
var init_utils2 = __esm({
  "node_modules/@inquirer/core/dist/lib/utils.js"() {
    import_cli_width = __toESM(require_cli_width(), 1);
    init_main();
    init_hook_engine();
  }
});

// node_modules/@inquirer/type/dist/inquirer.js
var init_inquirer = __esm({
  "node_modules/@inquirer/type/dist/inquirer.js"() {
  }
});

// node_modules/@inquirer/type/dist/utils.js
function withResolver() {
  let resolve;
  let reject;
  const promise = new Promise((res, rej) => {
    resolve = res;
    reject = rej;
  });
  return { promise, resolve, reject };
}
var init_utils3 = __esm({
  "node_modules/@inquirer/type/dist/utils.js"() {
  }
});

// node_modules/@inquirer/type/dist/index.js
var init_dist4 = __esm({
  "node_modules/@inquirer/type/dist/index.js"() {
    init_inquirer();
    init_utils3();
  }
});

// node_modules/mute-stream/lib/index.js
var require_lib = __commonJS({
  "node_modules/mute-stream/lib/index.js"(exports, module) {
    var Stream = __require("stream");
    var MuteStream2 = class extends Stream {
      #isTTY = null;
      constructor(opts = {}) {
        super(opts);
        this.writable = this.readable = true;
        this.muted = false;
        this.on("pipe", this._onpipe);
        this.replace = opts.replace;
        this._prompt = opts.prompt || null;
        this._hadControl = false;
      }
      #destSrc(key, def) {
        if (this._dest) {
          return this._dest[key];
        }
        if (this._src) {
          return this._src[key];
        }
        return def;
      }
      #proxy(method, ...args) {
        if (typeof this._dest?.[method] === "function") {
          this._dest[method](...args);
        }
        if (typeof this._src?.[method] === "function") {
          this._src[method](...args);
        }
      }
      get isTTY() {
        if (this.#isTTY !== null) {
          return this.#isTTY;
        }
        return this.#destSrc("isTTY", false);
      }
      // basically just get replace the getter/setter with a regular value
      set isTTY(val) {
        this.#isTTY = val;
      }
      get rows() {
        return this.#destSrc("rows");
      }
      get columns() {
        return this.#destSrc("columns");
      }
      mute() {
        this.muted = true;
      }
      unmute() {
        this.muted = false;
      }
      _onpipe(src) {
        this._src = src;
      }
      pipe(dest, options) {
        this._dest = dest;
        return super.pipe(dest, options);
      }
      pause() {
        if (this._src) {
          return this._src.pause();
        }
      }
      resume() {
        if (this._src) {
          return this._src.resume();
        }
      }
      write(c) {
        if (this.muted) {
          if (!this.replace) {
            return true;
          }
          if (c.match(/^\u001b/)) {
            if (c.indexOf(this._prompt) === 0) {
              c = c.slice(this._prompt.length);
              c = c.replace(/./g, this.replace);
              c = this._prompt + c;
            }
            this._hadControl = true;
            return this.emit("data", c);
          } else {
            if (this._prompt && this._hadControl && c.indexOf(this._prompt) === 0) {
              this._hadControl = false;
              this.emit("data", this._prompt);
              c = c.slice(this._prompt.length);
            }
            c = c.toString().replace(/./g, this.replace);
          }
        }
        this.emit("data", c);
      }
      end(c) {
        if (this.muted) {
          if (c && this.replace) {
            c = c.toString().replace(/./g, this.replace);
          } else {
            c = null;
          }
        }
        if (c) {
          this.emit("data", c);
        }
        this.emit("end");
      }
      destroy(...args) {
        return this.#proxy("destroy", ...args);
      }
      destroySoon(...args) {
        return this.#proxy("destroySoon", ...args);
      }
      close(...args) {
        return this.#proxy("close", ...args);
      }
    };
    module.exports = MuteStream2;
  }
});

// node_modules/signal-exit/dist/mjs/signals.js
var signals;
var init_signals = __esm({
  "node_modules/signal-exit/dist/mjs/signals.js"() {
    signals = [];
    signals.push("SIGHUP", "SIGINT", "SIGTERM");
    if (process.platform !== "win32") {
      signals.push(
        "SIGALRM",
        "SIGABRT",
        "SIGVTALRM",
        "SIGXCPU",
        "SIGXFSZ",
        "SIGUSR2",
        "SIGTRAP",
        "SIGSYS",
        "SIGQUIT",
        "SIGIOT"
        // should detect profiler and enable/disable accordingly.
        // see #21
        // 'SIGPROF'
      );
    }
    if (process.platform === "linux") {
      signals.push("SIGIO", "SIGPOLL", "SIGPWR", "SIGSTKFLT");
    }
  }
});

// node_modules/signal-exit/dist/mjs/index.js
var processOk, kExitEmitter, global, ObjectDefineProperty, Emitter, SignalExitBase, signalExitWrap, SignalExitFallback, SignalExit, process3, onExit, load, unload;
var init_mjs = __esm({
  "node_modules/signal-exit/dist/mjs/index.js"() {
    init_signals();
    processOk = (process4) => !!process4 && typeof process4 === "object" && typeof process4.removeListener === "function" && typeof process4.emit === "function" && typeof process4.reallyExit === "function" && typeof process4.listeners === "function" && typeof process4.kill === "function" && typeof process4.pid === "number" && typeof process4.on === "function";
    kExitEmitter = /* @__PURE__ */ Symbol.for("signal-exit emitter");
    global = globalThis;
    ObjectDefineProperty = Object.defineProperty.bind(Object);
    Emitter = class {
      emitted = {
        afterExit: false,
        exit: false
      };
      listeners = {
        afterExit: [],
        exit: []
      };
      count = 0;
      id = Math.random();
      constructor() {
        if (global[kExitEmitter]) {
          return global[kExitEmitter];
        }
        ObjectDefineProperty(global, kExitEmitter, {
          value: this,
          writable: false,
          enumerable: false,
          configurable: false
        });
      }
      on(ev, fn) {
        this.listeners[ev].push(fn);
      }
      removeListener(ev, fn) {
        const list2 = this.listeners[ev];
        const i = list2.indexOf(fn);
        if (i === -1) {
          return;
        }
        if (i === 0 && list2.length === 1) {
          list2.length = 0;
        } else {
          list2.splice(i, 1);
        }
      }
      emit(ev, code, signal) {
        if (this.emitted[ev]) {
          return false;
        }
        this.emitted[ev] = true;
        let ret = false;
        for (const fn of this.listeners[ev]) {
          ret = fn(code, signal) === true || ret;
        }
        if (ev === "exit") {
          ret = this.emit("afterExit", code, signal) || ret;
        }
        return ret;
      }
    };
    SignalExitBase = class {
    };
    signalExitWrap = (handler) => {
      return {
        onExit(cb, opts) {
          return handler.onExit(cb, opts);
        },
        load() {
          return handler.load();
        },
        unload() {
          return handler.unload();
        }
      };
    };
    SignalExitFallback = class extends SignalExitBase {
      onExit() {
        return () => {
        };
      }
      load() {
      }
      unload() {
      }
    };
    SignalExit = class extends SignalExitBase {
      // "SIGHUP" throws an `ENOSYS` error on Windows,
      // so use a supported signal instead
      /* c8 ignore start */
      #hupSig = process3.platform === "win32" ? "SIGINT" : "SIGHUP";
      /* c8 ignore stop */
      #emitter = new Emitter();
      #process;
      #originalProcessEmit;
      #originalProcessReallyExit;
      #sigListeners = {};
      #loaded = false;
      constructor(process4) {
        super();
        this.#process = process4;
        this.#sigListeners = {};
        for (const sig of signals) {
          this.#sigListeners[sig] = () => {
            const listeners = this.#process.listeners(sig);
            let { count: count2 } = this.#emitter;
            const p = process4;
            if (typeof p.__signal_exit_emitter__ === "object" && typeof p.__signal_exit_emitter__.count === "number") {
              count2 += p.__signal_exit_emitter__.count;
            }
            if (listeners.length === count2) {
              this.unload();
              const ret = this.#emitter.emit("exit", null, sig);
              const s = sig === "SIGHUP" ? this.#hupSig : sig;
              if (!ret)
                process4.kill(process4.pid, s);
            }
          };
        }
        this.#originalProcessReallyExit = process4.reallyExit;
        this.#originalProcessEmit = process4.emit;
      }
      onExit(cb, opts) {
        if (!processOk(this.#process)) {
          return () => {
          };
        }
        if (this.#loaded === false) {
          this.load();
        }
        const ev = opts?.alwaysLast ? "afterExit" : "exit";
        this.#emitter.on(ev, cb);
        return () => {
          this.#emitter.removeListener(ev, cb);
          if (this.#emitter.listeners["exit"].length === 0 && this.#emitter.listeners["afterExit"].length === 0) {
            this.unload();
          }
        };
      }
      load() {
        if (this.#loaded) {
          return;
        }
        this.#loaded = true;
        this.#emitter.count += 1;
        for (const sig of signals) {
          try {
            const fn = this.#sigListeners[sig];
            if (fn)
              this.#process.on(sig, fn);
          } catch (_) {
          }
        }
        this.#process.emit = (ev, ...a) => {
          return this.#processEmit(ev, ...a);
        };
        this.#process.reallyExit = (code) => {
          return this.#processReallyExit(code);
        };
      }
      unload() {
        if (!this.#loaded) {
          return;
        }
        this.#loaded = false;
        signals.forEach((sig) => {
          const listener = this.#sigListeners[sig];
          if (!listener) {
            throw new Error("Listener not defined for signal: " + sig);
          }
          try {
            this.#process.removeListener(sig, listener);
          } catch (_) {
          }
        });
        this.#process.emit = this.#originalProcessEmit;
        this.#process.reallyExit = this.#originalProcessReallyExit;
        this.#emitter.count -= 1;
      }
      #processReallyExit(code) {
        if (!processOk(this.#process)) {
          return 0;
        }
        this.#process.exitCode = code || 0;
        this.#emitter.emit("exit", this.#process.exitCode, null);
        return this.#originalProcessReallyExit.call(this.#process, this.#process.exitCode);
      }
      #processEmit(ev, ...args) {
        const og = this.#originalProcessEmit;
        if (ev === "exit" && processOk(this.#process)) {
          if (typeof args[0] === "number") {
            this.#process.exitCode = args[0];
          }
          const ret = og.call(this.#process, ev, ...args);
          this.#emitter.emit("exit", this.#process.exitCode, null);
          return ret;
        } else {
          return og.call(this.#process, ev, ...args);
        }
      }
    };
    process3 = globalThis.process;
    ({
      onExit: (
        /**
         * Called when the process is exiting, whether via signal, explicit
         * exit, or running out of stuff to do.
         *
         * If the global process object is not suitable for instrumentation,
         * then this will be a no-op.
         *
         * Returns a function that may be used to unload signal-exit.
         */
        onExit
      ),
      load: (
        /**
         * Load the listeners.  Likely you never need to call this, unless
         * doing a rather deep integration with signal-exit functionality.
         * Mostly exposed for the benefit of testing.
         *
         * @internal
         */
        load
      ),
      unload: (
        /**
         * Unload the listeners.  Likely you never need to call this, unless
         * doing a rather deep integration with signal-exit functionality.
         * Mostly exposed for the benefit of testing.
         *
         * @internal
         */
        unload
      )
    } = signalExitWrap(processOk(process3) ? new SignalExit(process3) : new SignalExitFallback()));
  }
});

// node_modules/@inquirer/ansi/dist/index.js
var ESC2, cursorLeft, cursorHide, cursorShow, cursorUp, cursorDown, cursorTo, eraseLine, eraseLines;
var init_dist5 = __esm({
  "node_modules/@inquirer/ansi/dist/index.js"() {
    ESC2 = "\x1B[";
    cursorLeft = ESC2 + "G";
    cursorHide = ESC2 + "?25l";
    cursorShow = ESC2 + "?25h";
    cursorUp = (rows = 1) => rows > 0 ? `${ESC2}${rows}A` : "";
    cursorDown = (rows = 1) => rows > 0 ? `${ESC2}${rows}B` : "";
    cursorTo = (x, y) => {
      if (typeof y === "number" && !Number.isNaN(y)) {
        return `${ESC2}${y + 1};${x + 1}H`;
      }
      return `${ESC2}${x + 1}G`;
    };
    eraseLine = ESC2 + "2K";
    eraseLines = (lines) => lines > 0 ? (eraseLine + cursorUp(1)).repeat(lines - 1) + eraseLine + cursorLeft : "";
  }
});

// node_modules/@inquirer/core/dist/lib/screen-manager.js
import { stripVTControlCharacters } from "node:util";
var height, lastLine, ScreenManager;
var init_screen_manager = __esm({
  "node_modules/@inquirer/core/dist/lib/screen-manager.js"() {
    init_utils2();
    init_dist5();
    height = (content) => content.split("\n").length;
    lastLine = (content) => content.split("\n").pop() ?? "";
    ScreenManager = class {
      // These variables are keeping information to allow correct prompt re-rendering
      height = 0;
      extraLinesUnderPrompt = 0;
      cursorPos;
      rl;
      constructor(rl) {
        this.rl = rl;
        this.cursorPos = rl.getCursorPos();
      }
      write(content) {
        this.rl.output.unmute();
        this.rl.output.write(content);
        this.rl.output.mute();
      }
      render(content, bottomContent = "") {
        const promptLine = lastLine(content);
        const rawPromptLine = stripVTControlCharacters(promptLine);
        let prompt = rawPromptLine;
        if (this.rl.line.length > 0) {
          prompt = prompt.slice(0, -this.rl.line.length);
        }
        this.rl.setPrompt(prompt);
        this.cursorPos = this.rl.getCursorPos();
        const width = readlineWidth();
        content = breakLines(content, width);
        bottomContent = breakLines(bottomContent, width);
        if (rawPromptLine.length % width === 0) {
          content += "\n";
        }
        let output = content + (bottomContent ? "\n" + bottomContent : "");
        const promptLineUpDiff = Math.floor(rawPromptLine.length / width) - this.cursorPos.rows;
        const bottomContentHeight = promptLineUpDiff + (bottomContent ? height(bottomContent) : 0);
        if (bottomContentHeight > 0)
          output += cursorUp(bottomContentHeight);
        output += cursorTo(this.cursorPos.cols);
        this.write(cursorDown(this.extraLinesUnderPrompt) + eraseLines(this.height) + output);
        this.extraLinesUnderPrompt = bottomContentHeight;
        this.height = height(output);
      }
      checkCursorPos() {
        const cursorPos = this.rl.getCursorPos();
        if (cursorPos.cols !== this.cursorPos.cols) {
          this.write(cursorTo(cursorPos.cols));
          this.cursorPos = cursorPos;
        }
      }
      done({ clearContent }) {
        this.rl.setPrompt("");
        let output = cursorDown(this.extraLinesUnderPrompt);
        output += clearContent ? eraseLines(this.height) : "\n";
        output += cursorLeft;
        output += cursorShow;
        this.write(output);
        this.rl.close();
      }
    };
  }
});

// node_modules/@inquirer/core/dist/lib/create-prompt.js
import * as readline2 from "node:readline";
import { AsyncResource as AsyncResource3 } from "node:async_hooks";
import path from "node:path";
function listenTo(target, event, listener) {
  if ("on" in target) {
    target.on(event, listener);
    return () => target.removeListener(event, listener);
  }
  target.addEventListener(event, listener);
  return () => target.removeEventListener(event, listener);
}
function getCallSites() {
  const savedPrepareStackTrace = Error.prepareStackTrace;
  let result = [];
  try {
    Error.prepareStackTrace = (_, callSites) => {
      const callSitesWithoutCurrent = callSites.slice(1);
      result = callSitesWithoutCurrent;
      return callSitesWithoutCurrent;
    };
    new Error().stack;
  } catch {
    return result;
  }
  Error.prepareStackTrace = savedPrepareStackTrace;
  return result;
}
function createPrompt(view) {
  const callSites = getCallSites();
  const prompt = (config, context = {}) => {
    const { input = process.stdin, signal } = context;
    const cleanups = /* @__PURE__ */ new Set();
    const output = new import_mute_stream.default();
    output.pipe(context.output ?? process.stdout);
    const rl = readline2.createInterface({
      terminal: true,
      input,
      output
    });
    output.mute();
    const screen = new ScreenManager(rl);
    const { promise, resolve, reject } = withResolver();
    return withHooks(rl, (cycle) => {
      const clearEffects = AsyncResource3.bind(() => effectScheduler.clearAll());
      const settlePrompt = (settle) => {
        try {
          clearEffects();
          settle();
        } catch (error) {
          reject(error);
        }
      };
      const resolvePrompt = (value) => settlePrompt(() => resolve(value));
      const rejectPrompt = (error) => settlePrompt(() => reject(error));
      const promptPromise = Object.assign(promise.finally(() => {
        cleanups.forEach((cleanup) => cleanup());
        screen.done({ clearContent: Boolean(context.clearPromptOnDone) });
        output.end();
      }).then(() => promise), { cancel: () => rejectPrompt(new CancelPromptError()) });
      if (signal) {
        const abort = () => rejectPrompt(new AbortPromptError({ cause: signal.reason }));
        if (signal.aborted) {
          abort();
          return promptPromise;
        }
        cleanups.add(listenTo(signal, "abort", abort));
      }
      cleanups.add(onExit((code, signal2) => {
        rejectPrompt(new ExitPromptError(`User force closed the prompt with ${code} ${signal2}`));
      }));
      cleanups.add(listenTo(rl, "SIGINT", () => rejectPrompt(new ExitPromptError(`User force closed the prompt with SIGINT`))));
      cleanups.add(listenTo(rl, "close", clearEffects));
      const startCycle = () => {
        cleanups.add(listenTo(rl.input, "keypress", () => screen.checkCursorPos()));
        let pendingDone = null;
        cycle(() => {
          let effectsSettled = false;
          try {
            const nextView = view(config, (value) => {
              if (effectsSettled) {
                resolvePrompt(value);
              } else {
                pendingDone = { value };
              }
            });
            if (nextView === void 0) {
              let callerFilename = callSites[1]?.getFileName();
              if (callerFilename && !callerFilename.startsWith("file://")) {
                callerFilename = path.resolve(callerFilename);
              }
              throw new Error(`Prompt functions must return a string.
    at ${callerFilename}`);
            }
            const [content, bottomContent] = typeof nextView === "string" ? [nextView] : nextView;
            screen.render(content, bottomContent);
            effectScheduler.run();
          } catch (error) {
            rejectPrompt(error);
          }
          effectsSettled = true;
          if (pendingDone !== null) {
            const { value } = pendingDone;
            pendingDone = null;
            resolvePrompt(value);
          }
        });
      };
      if ("readableFlowing" in input && input.isTTY) {
        const immediate = nativeSetImmediate(startCycle);
        cleanups.add(() => nativeClearImmediate(immediate));
      } else {
        startCycle();
      }
      return promptPromise;
    });
  };
  return prompt;
}
var import_mute_stream, nativeSetImmediate, nativeClearImmediate;
var init_create_prompt = __esm({
  "node_modules/@inquirer/core/dist/lib/create-prompt.js"() {
    init_dist4();
    import_mute_stream = __toESM(require_lib(), 1);
    init_mjs();
    init_screen_manager();
    init_hook_engine();
    init_errors();
    nativeSetImmediate = globalThis.setImmediate;
    nativeClearImmediate = globalThis.clearImmediate;
  }
});

// node_modules/@inquirer/core/dist/index.js
var init_dist6 = __esm({
  "node_modules/@inquirer/core/dist/index.js"() {
    init_key();
    init_errors();
    init_use_prefix();
    init_use_state();
    init_use_keypress();
    init_make_theme();
    init_create_prompt();
  }
});

// node_modules/@inquirer/confirm/dist/index.js
var dist_exports = {};
__export(dist_exports, {
  default: () => dist_default4
});
import { styleText as styleText2 } from "node:util";
var confirmTheme, dist_default4;
var init_dist7 = __esm({
  "node_modules/@inquirer/confirm/dist/index.js"() {
    init_dist6();
    confirmTheme = {
      keywords: {
        yes: "Yes",
        no: "No",
        error: ({ yes, no }) => `You must answer with "${yes}" or "${no}"`
      },
      style: {
        confirmDefault: (text) => {
          const first = text[0] ?? "";
          if (first.toLowerCase() === first.toUpperCase()) {
            return styleText2("cyan", text);
          }
          return first.toUpperCase() + text.slice(1);
        }
      }
    };
    dist_default4 = createPrompt((config, done) => {
      const [status, setStatus] = useState("idle");
      const [value, setValue] = useState("");
      const [errorMsg, setError] = useState();
      const theme = makeTheme(confirmTheme, config.theme);
      const prefix = usePrefix({ status, theme });
      const { yes, no } = theme.keywords;
      const yesHint = (yes[0] ?? "").toLowerCase();
      const noHint = (no[0] ?? "").toLowerCase();
      const hint = config.default === false ? `${yesHint}/${theme.style.confirmDefault(noHint)}` : `${theme.style.confirmDefault(yesHint)}/${noHint}`;
      function boolToString(value2) {
        return value2 ? yes : no;
      }
      const { transformer = boolToString } = config;
      function getBooleanValue(value2) {
        const v = value2.trim().toLowerCase();
        if (v === "")
          return config.default !== false;
        if (yes.toLowerCase().startsWith(v))
          return true;
        if (no.toLowerCase().startsWith(v))
          return false;
        if ("yes".startsWith(v))
          return true;
        if ("no".startsWith(v))
          return false;
        return void 0;
      }
      useKeypress((key, rl) => {
        if (status !== "idle")
          return;
        if (isEnterKey(key)) {
          const answer = getBooleanValue(value);
          if (answer === void 0) {
            rl.write(value);
            setError(theme.keywords.error({ yes, no }));
            return;
          }
          setValue(transformer(answer));
          setStatus("done");
          done(answer);
        } else if (isTabKey(key)) {
          const answer = boolToString(!(getBooleanValue(value) ?? config.default !== false));
          rl.clearLine(0);
          rl.write(answer);
          setValue(answer);
        } else {
          setValue(rl.line);
          setError(void 0);
        }
      });
      let formattedValue = value;
      let defaultValue = "";
      if (status === "done") {
        formattedValue = theme.style.answer(value);
      } else {
        defaultValue = ` ${theme.style.defaultAnswer(hint)}`;
      }
      const message = theme.style.message(config.message, status);
      let error = "";
      if (errorMsg) {
        error = theme.style.error(errorMsg);
      }
      return [`${prefix} ${message}${defaultValue} ${formattedValue}`, error];
    });
  }
});

// node_modules/cli-progress/lib/eta.js
var require_eta = __commonJS({
  "node_modules/cli-progress/lib/eta.js"(exports, module) {
    var ETA = class {
      constructor(length, initTime, initValue) {
        this.etaBufferLength = length || 100;
        this.valueBuffer = [initValue];
        this.timeBuffer = [initTime];
        this.eta = "0";
      }
      // add new values to calculation buffer
      update(time, value, total) {
        this.valueBuffer.push(value);
        this.timeBuffer.push(time);
        this.calculate(total - value);
      }
      // fetch estimated time
      getTime() {
        return this.eta;
      }
      // eta calculation - request number of remaining events
      calculate(remaining) {
        const currentBufferSize = this.valueBuffer.length;
        const buffer = Math.min(this.etaBufferLength, currentBufferSize);
        const v_diff = this.valueBuffer[currentBufferSize - 1] - this.valueBuffer[currentBufferSize - buffer];
        const t_diff = this.timeBuffer[currentBufferSize - 1] - this.timeBuffer[currentBufferSize - buffer];
        const vt_rate = v_diff / t_diff;
        this.valueBuffer = this.valueBuffer.slice(-this.etaBufferLength);
        this.timeBuffer = this.timeBuffer.slice(-this.etaBufferLength);
        const eta = Math.ceil(remaining / vt_rate / 1e3);
        if (isNaN(eta)) {
          this.eta = "NULL";
        } else if (!isFinite(eta)) {
          this.eta = "INF";
        } else if (eta > 1e7) {
          this.eta = "INF";
        } else if (eta < 0) {
          this.eta = 0;
        } else {
          this.eta = eta;
        }
      }
    };
    module.exports = ETA;
  }
});

// node_modules/cli-progress/lib/terminal.js
var require_terminal = __commonJS({
  "node_modules/cli-progress/lib/terminal.js"(exports, module) {
    var _readline = __require("readline");
    var Terminal2 = class {
      constructor(outputStream) {
        this.stream = outputStream;
        this.linewrap = true;
        this.dy = 0;
      }
      // save cursor position + settings
      cursorSave() {
        if (!this.stream.isTTY) {
          return;
        }
        this.stream.write("\x1B7");
      }
      // restore last cursor position + settings
      cursorRestore() {
        if (!this.stream.isTTY) {
          return;
        }
        this.stream.write("\x1B8");
      }
      // show/hide cursor
      cursor(enabled) {
        if (!this.stream.isTTY) {
          return;
        }
        if (enabled) {
          this.stream.write("\x1B[?25h");
        } else {
          this.stream.write("\x1B[?25l");
        }
      }
      // change cursor positionn
      cursorTo(x = null, y = null) {
        if (!this.stream.isTTY) {
          return;
        }
        _readline.cursorTo(this.stream, x, y);
      }
      // change relative cursor position
      cursorRelative(dx = null, dy = null) {
        if (!this.stream.isTTY) {
          return;
        }
        this.dy = this.dy + dy;
        _readline.moveCursor(this.stream, dx, dy);
      }
      // relative reset
      cursorRelativeReset() {
        if (!this.stream.isTTY) {
          return;
        }
        _readline.moveCursor(this.stream, 0, -this.dy);
        _readline.cursorTo(this.stream, 0, null);
        this.dy = 0;
      }
      // clear to the right from cursor
      clearRight() {
        if (!this.stream.isTTY) {
          return;
        }
        _readline.clearLine(this.stream, 1);
      }
      // clear the full line
      clearLine() {
        if (!this.stream.isTTY) {
          return;
        }
        _readline.clearLine(this.stream, 0);
      }
      // clear everyting beyond the current line
      clearBottom() {
        if (!this.stream.isTTY) {
          return;
        }
        _readline.clearScreenDown(this.stream);
      }
      // add new line; increment counter
      newline() {
        this.stream.write("\n");
        this.dy++;
      }
      // write content to output stream
      // @TODO use string-width to strip length
      write(s, rawWrite = false) {
        if (this.linewrap === true && rawWrite === false) {
          this.stream.write(s.substr(0, this.getWidth()));
        } else {
          this.stream.write(s);
        }
      }
      // control line wrapping
      lineWrapping(enabled) {
        if (!this.stream.isTTY) {
          return;
        }
        this.linewrap = enabled;
        if (enabled) {
          this.stream.write("\x1B[?7h");
        } else {
          this.stream.write("\x1B[?7l");
        }
      }
      // tty environment ?
      isTTY() {
        return this.stream.isTTY === true;
      }
      // get terminal width
      getWidth() {
        return this.stream.columns || (this.stream.isTTY ? 80 : 200);
      }
    };
    module.exports = Terminal2;
  }
});

// node_modules/cli-progress/node_modules/ansi-regex/index.js
var require_ansi_regex = __commonJS({
  "node_modules/cli-progress/node_modules/ansi-regex/index.js"(exports, module) {
    "use strict";
    module.exports = ({ onlyFirst = false } = {}) => {
      const pattern = [
        "[\\u001B\\u009B][[\\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\\d\\/#&.:=?%@~_]+)*|[a-zA-Z\\d]+(?:;[-a-zA-Z\\d\\/#&.:=?%@~_]*)*)?\\u0007)",
        "(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TZcf-ntqry=><~]))"
      ].join("|");
      return new RegExp(pattern, onlyFirst ? void 0 : "g");
    };
  }
});

// node_modules/cli-progress/node_modules/strip-ansi/index.js
var require_strip_ansi = __commonJS({
  "node_modules/cli-progress/node_modules/strip-ansi/index.js"(exports, module) {
    "use strict";
    var ansiRegex = require_ansi_regex();
    module.exports = (string) => typeof string === "string" ? string.replace(ansiRegex(), "") : string;
  }
});

// node_modules/cli-progress/node_modules/is-fullwidth-code-point/index.js
var require_is_fullwidth_code_point = __commonJS({
  "node_modules/cli-progress/node_modules/is-fullwidth-code-point/index.js"(exports, module) {
    "use strict";
    var isFullwidthCodePoint = (codePoint) => {
      if (Number.isNaN(codePoint)) {
        return false;
      }
      if (codePoint >= 4352 && (codePoint <= 4447 || // Hangul Jamo
      codePoint === 9001 || // LEFT-POINTING ANGLE BRACKET
      codePoint === 9002 || // RIGHT-POINTING ANGLE BRACKET
      // CJK Radicals Supplement .. Enclosed CJK Letters and Months
      11904 <= codePoint && codePoint <= 12871 && codePoint !== 12351 || // Enclosed CJK Letters and Months .. CJK Unified Ideographs Extension A
      12880 <= codePoint && codePoint <= 19903 || // CJK Unified Ideographs .. Yi Radicals
      19968 <= codePoint && codePoint <= 42182 || // Hangul Jamo Extended-A
      43360 <= codePoint && codePoint <= 43388 || // Hangul Syllables
      44032 <= codePoint && codePoint <= 55203 || // CJK Compatibility Ideographs
      63744 <= codePoint && codePoint <= 64255 || // Vertical Forms
      65040 <= codePoint && codePoint <= 65049 || // CJK Compatibility Forms .. Small Form Variants
      65072 <= codePoint && codePoint <= 65131 || // Halfwidth and Fullwidth Forms
      65281 <= codePoint && codePoint <= 65376 || 65504 <= codePoint && codePoint <= 65510 || // Kana Supplement
      110592 <= codePoint && codePoint <= 110593 || // Enclosed Ideographic Supplement
      127488 <= codePoint && codePoint <= 127569 || // CJK Unified Ideographs Extension B .. Tertiary Ideographic Plane
      131072 <= codePoint && codePoint <= 262141)) {
        return true;
      }
      return false;
    };
    module.exports = isFullwidthCodePoint;
    module.exports.default = isFullwidthCodePoint;
  }
});

// node_modules/cli-progress/node_modules/emoji-regex/index.js
var require_emoji_regex = __commonJS({
  "node_modules/cli-progress/node_modules/emoji-regex/index.js"(exports, module) {
    "use strict";
    module.exports = function() {
      return /\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62(?:\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67|\uDB40\uDC73\uDB40\uDC63\uDB40\uDC74|\uDB40\uDC77\uDB40\uDC6C\uDB40\uDC73)\uDB40\uDC7F|\uD83D\uDC68(?:\uD83C\uDFFC\u200D(?:\uD83E\uDD1D\u200D\uD83D\uDC68\uD83C\uDFFB|\uD83C[\uDF3E\uDF73\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E[\uDDAF-\uDDB3\uDDBC\uDDBD])|\uD83C\uDFFF\u200D(?:\uD83E\uDD1D\u200D\uD83D\uDC68(?:\uD83C[\uDFFB-\uDFFE])|\uD83C[\uDF3E\uDF73\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E[\uDDAF-\uDDB3\uDDBC\uDDBD])|\uD83C\uDFFE\u200D(?:\uD83E\uDD1D\u200D\uD83D\uDC68(?:\uD83C[\uDFFB-\uDFFD])|\uD83C[\uDF3E\uDF73\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E[\uDDAF-\uDDB3\uDDBC\uDDBD])|\uD83C\uDFFD\u200D(?:\uD83E\uDD1D\u200D\uD83D\uDC68(?:\uD83C[\uDFFB\uDFFC])|\uD83C[\uDF3E\uDF73\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E[\uDDAF-\uDDB3\uDDBC\uDDBD])|\u200D(?:\u2764\uFE0F\u200D(?:\uD83D\uDC8B\u200D)?\uD83D\uDC68|(?:\uD83D[\uDC68\uDC69])\u200D(?:\uD83D\uDC66\u200D\uD83D\uDC66|\uD83D\uDC67\u200D(?:\uD83D[\uDC66\uDC67]))|\uD83D\uDC66\u200D\uD83D\uDC66|\uD83D\uDC67\u200D(?:\uD83D[\uDC66\uDC67])|(?:\uD83D[\uDC68\uDC69])\u200D(?:\uD83D[\uDC66\uDC67])|[\u2695\u2696\u2708]\uFE0F|\uD83D[\uDC66\uDC67]|\uD83C[\uDF3E\uDF73\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E[\uDDAF-\uDDB3\uDDBC\uDDBD])|(?:\uD83C\uDFFB\u200D[\u2695\u2696\u2708]|\uD83C\uDFFF\u200D[\u2695\u2696\u2708]|\uD83C\uDFFE\u200D[\u2695\u2696\u2708]|\uD83C\uDFFD\u200D[\u2695\u2696\u2708]|\uD83C\uDFFC\u200D[\u2695\u2696\u2708])\uFE0F|\uD83C\uDFFB\u200D(?:\uD83C[\uDF3E\uDF73\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E[\uDDAF-\uDDB3\uDDBC\uDDBD])|\uD83C[\uDFFB-\uDFFF])|(?:\uD83E\uDDD1\uD83C\uDFFB\u200D\uD83E\uDD1D\u200D\uD83E\uDDD1|\uD83D\uDC69\uD83C\uDFFC\u200D\uD83E\uDD1D\u200D\uD83D\uDC69)\uD83C\uDFFB|\uD83E\uDDD1(?:\uD83C\uDFFF\u200D\uD83E\uDD1D\u200D\uD83E\uDDD1(?:\uD83C[\uDFFB-\uDFFF])|\u200D\uD83E\uDD1D\u200D\uD83E\uDDD1)|(?:\uD83E\uDDD1\uD83C\uDFFE\u200D\uD83E\uDD1D\u200D\uD83E\uDDD1|\uD83D\uDC69\uD83C\uDFFF\u200D\uD83E\uDD1D\u200D(?:\uD83D[\uDC68\uDC69]))(?:\uD83C[\uDFFB-\uDFFE])|(?:\uD83E\uDDD1\uD83C\uDFFC\u200D\uD83E\uDD1D\u200D\uD83E\uDDD1|\uD83D\uDC69\uD83C\uDFFD\u200D\uD83E\uDD1D\u200D\uD83D\uDC69)(?:\uD83C[\uDFFB\uDFFC])|\uD83D\uDC69(?:\uD83C\uDFFE\u200D(?:\uD83E\uDD1D\u200D\uD83D\uDC68(?:\uD83C[\uDFFB-\uDFFD\uDFFF])|\uD83C[\uDF3E\uDF73\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E[\uDDAF-\uDDB3\uDDBC\uDDBD])|\uD83C\uDFFC\u200D(?:\uD83E\uDD1D\u200D\uD83D\uDC68(?:\uD83C[\uDFFB\uDFFD-\uDFFF])|\uD83C[\uDF3E\uDF73\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E[\uDDAF-\uDDB3\uDDBC\uDDBD])|\uD83C\uDFFB\u200D(?:\uD83E\uDD1D\u200D\uD83D\uDC68(?:\uD83C[\uDFFC-\uDFFF])|\uD83C[\uDF3E\uDF73\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E[\uDDAF-\uDDB3\uDDBC\uDDBD])|\uD83C\uDFFD\u200D(?:\uD83E\uDD1D\u200D\uD83D\uDC68(?:\uD83C[\uDFFB\uDFFC\uDFFE\uDFFF])|\uD83C[\uDF3E\uDF73\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E[\uDDAF-\uDDB3\uDDBC\uDDBD])|\u200D(?:\u2764\uFE0F\u200D(?:\uD83D\uDC8B\u200D(?:\uD83D[\uDC68\uDC69])|\uD83D[\uDC68\uDC69])|\uD83C[\uDF3E\uDF73\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E[\uDDAF-\uDDB3\uDDBC\uDDBD])|\uD83C\uDFFF\u200D(?:\uD83C[\uDF3E\uDF73\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E[\uDDAF-\uDDB3\uDDBC\uDDBD]))|\uD83D\uDC69\u200D\uD83D\uDC69\u200D(?:\uD83D\uDC66\u200D\uD83D\uDC66|\uD83D\uDC67\u200D(?:\uD83D[\uDC66\uDC67]))|(?:\uD83E\uDDD1\uD83C\uDFFD\u200D\uD83E\uDD1D\u200D\uD83E\uDDD1|\uD83D\uDC69\uD83C\uDFFE\u200D\uD83E\uDD1D\u200D\uD83D\uDC69)(?:\uD83C[\uDFFB-\uDFFD])|\uD83D\uDC69\u200D\uD83D\uDC66\u200D\uD83D\uDC66|\uD83D\uDC69\u200D\uD83D\uDC69\u200D(?:\uD83D[\uDC66\uDC67])|(?:\uD83D\uDC41\uFE0F\u200D\uD83D\uDDE8|\uD83D\uDC69(?:\uD83C\uDFFF\u200D[\u2695\u2696\u2708]|\uD83C\uDFFE\u200D[\u2695\u2696\u2708]|\uD83C\uDFFC\u200D[\u2695\u2696\u2708]|\uD83C\uDFFB\u200D[\u2695\u2696\u2708]|\uD83C\uDFFD\u200D[\u2695\u2696\u2708]|\u200D[\u2695\u2696\u2708])|(?:(?:\u26F9|\uD83C[\uDFCB\uDFCC]|\uD83D\uDD75)\uFE0F|\uD83D\uDC6F|\uD83E[\uDD3C\uDDDE\uDDDF])\u200D[\u2640\u2642]|(?:\u26F9|\uD83C[\uDFCB\uDFCC]|\uD83D\uDD75)(?:\uD83C[\uDFFB-\uDFFF])\u200D[\u2640\u2642]|(?:\uD83C[\uDFC3\uDFC4\uDFCA]|\uD83D[\uDC6E\uDC71\uDC73\uDC77\uDC81\uDC82\uDC86\uDC87\uDE45-\uDE47\uDE4B\uDE4D\uDE4E\uDEA3\uDEB4-\uDEB6]|\uD83E[\uDD26\uDD37-\uDD39\uDD3D\uDD3E\uDDB8\uDDB9\uDDCD-\uDDCF\uDDD6-\uDDDD])(?:(?:\uD83C[\uDFFB-\uDFFF])\u200D[\u2640\u2642]|\u200D[\u2640\u2642])|\uD83C\uDFF4\u200D\u2620)\uFE0F|\uD83D\uDC69\u200D\uD83D\uDC67\u200D(?:\uD83D[\uDC66\uDC67])|\uD83C\uDFF3\uFE0F\u200D\uD83C\uDF08|\uD83D\uDC15\u200D\uD83E\uDDBA|\uD83D\uDC69\u200D\uD83D\uDC66|\uD83D\uDC69\u200D\uD83D\uDC67|\uD83C\uDDFD\uD83C\uDDF0|\uD83C\uDDF4\uD83C\uDDF2|\uD83C\uDDF6\uD83C\uDDE6|[#\*0-9]\uFE0F\u20E3|\uD83C\uDDE7(?:\uD83C[\uDDE6\uDDE7\uDDE9-\uDDEF\uDDF1-\uDDF4\uDDF6-\uDDF9\uDDFB\uDDFC\uDDFE\uDDFF])|\uD83C\uDDF9(?:\uD83C[\uDDE6\uDDE8\uDDE9\uDDEB-\uDDED\uDDEF-\uDDF4\uDDF7\uDDF9\uDDFB\uDDFC\uDDFF])|\uD83C\uDDEA(?:\uD83C[\uDDE6\uDDE8\uDDEA\uDDEC\uDDED\uDDF7-\uDDFA])|\uD83E\uDDD1(?:\uD83C[\uDFFB-\uDFFF])|\uD83C\uDDF7(?:\uD83C[\uDDEA\uDDF4\uDDF8\uDDFA\uDDFC])|\uD83D\uDC69(?:\uD83C[\uDFFB-\uDFFF])|\uD83C\uDDF2(?:\uD83C[\uDDE6\uDDE8-\uDDED\uDDF0-\uDDFF])|\uD83C\uDDE6(?:\uD83C[\uDDE8-\uDDEC\uDDEE\uDDF1\uDDF2\uDDF4\uDDF6-\uDDFA\uDDFC\uDDFD\uDDFF])|\uD83C\uDDF0(?:\uD83C[\uDDEA\uDDEC-\uDDEE\uDDF2\uDDF3\uDDF5\uDDF7\uDDFC\uDDFE\uDDFF])|\uD83C\uDDED(?:\uD83C[\uDDF0\uDDF2\uDDF3\uDDF7\uDDF9\uDDFA])|\uD83C\uDDE9(?:\uD83C[\uDDEA\uDDEC\uDDEF\uDDF0\uDDF2\uDDF4\uDDFF])|\uD83C\uDDFE(?:\uD83C[\uDDEA\uDDF9])|\uD83C\uDDEC(?:\uD83C[\uDDE6\uDDE7\uDDE9-\uDDEE\uDDF1-\uDDF3\uDDF5-\uDDFA\uDDFC\uDDFE])|\uD83C\uDDF8(?:\uD83C[\uDDE6-\uDDEA\uDDEC-\uDDF4\uDDF7-\uDDF9\uDDFB\uDDFD-\uDDFF])|\uD83C\uDDEB(?:\uD83C[\uDDEE-\uDDF0\uDDF2\uDDF4\uDDF7])|\uD83C\uDDF5(?:\uD83C[\uDDE6\uDDEA-\uDDED\uDDF0-\uDDF3\uDDF7-\uDDF9\uDDFC\uDDFE])|\uD83C\uDDFB(?:\uD83C[\uDDE6\uDDE8\uDDEA\uDDEC\uDDEE\uDDF3\uDDFA])|\uD83C\uDDF3(?:\uD83C[\uDDE6\uDDE8\uDDEA-\uDDEC\uDDEE\uDDF1\uDDF4\uDDF5\uDDF7\uDDFA\uDDFF])|\uD83C\uDDE8(?:\uD83C[\uDDE6\uDDE8\uDDE9\uDDEB-\uDDEE\uDDF0-\uDDF5\uDDF7\uDDFA-\uDDFF])|\uD83C\uDDF1(?:\uD83C[\uDDE6-\uDDE8\uDDEE\uDDF0\uDDF7-\uDDFB\uDDFE])|\uD83C\uDDFF(?:\uD83C[\uDDE6\uDDF2\uDDFC])|\uD83C\uDDFC(?:\uD83C[\uDDEB\uDDF8])|\uD83C\uDDFA(?:\uD83C[\uDDE6\uDDEC\uDDF2\uDDF3\uDDF8\uDDFE\uDDFF])|\uD83C\uDDEE(?:\uD83C[\uDDE8-\uDDEA\uDDF1-\uDDF4\uDDF6-\uDDF9])|\uD83C\uDDEF(?:\uD83C[\uDDEA\uDDF2\uDDF4\uDDF5])|(?:\uD83C[\uDFC3\uDFC4\uDFCA]|\uD83D[\uDC6E\uDC71\uDC73\uDC77\uDC81\uDC82\uDC86\uDC87\uDE45-\uDE47\uDE4B\uDE4D\uDE4E\uDEA3\uDEB4-\uDEB6]|\uD83E[\uDD26\uDD37-\uDD39\uDD3D\uDD3E\uDDB8\uDDB9\uDDCD-\uDDCF\uDDD6-\uDDDD])(?:\uD83C[\uDFFB-\uDFFF])|(?:\u26F9|\uD83C[\uDFCB\uDFCC]|\uD83D\uDD75)(?:\uD83C[\uDFFB-\uDFFF])|(?:[\u261D\u270A-\u270D]|\uD83C[\uDF85\uDFC2\uDFC7]|\uD83D[\uDC42\uDC43\uDC46-\uDC50\uDC66\uDC67\uDC6B-\uDC6D\uDC70\uDC72\uDC74-\uDC76\uDC78\uDC7C\uDC83\uDC85\uDCAA\uDD74\uDD7A\uDD90\uDD95\uDD96\uDE4C\uDE4F\uDEC0\uDECC]|\uD83E[\uDD0F\uDD18-\uDD1C\uDD1E\uDD1F\uDD30-\uDD36\uDDB5\uDDB6\uDDBB\uDDD2-\uDDD5])(?:\uD83C[\uDFFB-\uDFFF])|(?:[\u231A\u231B\u23E9-\u23EC\u23F0\u23F3\u25FD\u25FE\u2614\u2615\u2648-\u2653\u267F\u2693\u26A1\u26AA\u26AB\u26BD\u26BE\u26C4\u26C5\u26CE\u26D4\u26EA\u26F2\u26F3\u26F5\u26FA\u26FD\u2705\u270A\u270B\u2728\u274C\u274E\u2753-\u2755\u2757\u2795-\u2797\u27B0\u27BF\u2B1B\u2B1C\u2B50\u2B55]|\uD83C[\uDC04\uDCCF\uDD8E\uDD91-\uDD9A\uDDE6-\uDDFF\uDE01\uDE1A\uDE2F\uDE32-\uDE36\uDE38-\uDE3A\uDE50\uDE51\uDF00-\uDF20\uDF2D-\uDF35\uDF37-\uDF7C\uDF7E-\uDF93\uDFA0-\uDFCA\uDFCF-\uDFD3\uDFE0-\uDFF0\uDFF4\uDFF8-\uDFFF]|\uD83D[\uDC00-\uDC3E\uDC40\uDC42-\uDCFC\uDCFF-\uDD3D\uDD4B-\uDD4E\uDD50-\uDD67\uDD7A\uDD95\uDD96\uDDA4\uDDFB-\uDE4F\uDE80-\uDEC5\uDECC\uDED0-\uDED2\uDED5\uDEEB\uDEEC\uDEF4-\uDEFA\uDFE0-\uDFEB]|\uD83E[\uDD0D-\uDD3A\uDD3C-\uDD45\uDD47-\uDD71\uDD73-\uDD76\uDD7A-\uDDA2\uDDA5-\uDDAA\uDDAE-\uDDCA\uDDCD-\uDDFF\uDE70-\uDE73\uDE78-\uDE7A\uDE80-\uDE82\uDE90-\uDE95])|(?:[#\*0-9\xA9\xAE\u203C\u2049\u2122\u2139\u2194-\u2199\u21A9\u21AA\u231A\u231B\u2328\u23CF\u23E9-\u23F3\u23F8-\u23FA\u24C2\u25AA\u25AB\u25B6\u25C0\u25FB-\u25FE\u2600-\u2604\u260E\u2611\u2614\u2615\u2618\u261D\u2620\u2622\u2623\u2626\u262A\u262E\u262F\u2638-\u263A\u2640\u2642\u2648-\u2653\u265F\u2660\u2663\u2665\u2666\u2668\u267B\u267E\u267F\u2692-\u2697\u2699\u269B\u269C\u26A0\u26A1\u26AA\u26AB\u26B0\u26B1\u26BD\u26BE\u26C4\u26C5\u26C8\u26CE\u26CF\u26D1\u26D3\u26D4\u26E9\u26EA\u26F0-\u26F5\u26F7-\u26FA\u26FD\u2702\u2705\u2708-\u270D\u270F\u2712\u2714\u2716\u271D\u2721\u2728\u2733\u2734\u2744\u2747\u274C\u274E\u2753-\u2755\u2757\u2763\u2764\u2795-\u2797\u27A1\u27B0\u27BF\u2934\u2935\u2B05-\u2B07\u2B1B\u2B1C\u2B50\u2B55\u3030\u303D\u3297\u3299]|\uD83C[\uDC04\uDCCF\uDD70\uDD71\uDD7E\uDD7F\uDD8E\uDD91-\uDD9A\uDDE6-\uDDFF\uDE01\uDE02\uDE1A\uDE2F\uDE32-\uDE3A\uDE50\uDE51\uDF00-\uDF21\uDF24-\uDF93\uDF96\uDF97\uDF99-\uDF9B\uDF9E-\uDFF0\uDFF3-\uDFF5\uDFF7-\uDFFF]|\uD83D[\uDC00-\uDCFD\uDCFF-\uDD3D\uDD49-\uDD4E\uDD50-\uDD67\uDD6F\uDD70\uDD73-\uDD7A\uDD87\uDD8A-\uDD8D\uDD90\uDD95\uDD96\uDDA4\uDDA5\uDDA8\uDDB1\uDDB2\uDDBC\uDDC2-\uDDC4\uDDD1-\uDDD3\uDDDC-\uDDDE\uDDE1\uDDE3\uDDE8\uDDEF\uDDF3\uDDFA-\uDE4F\uDE80-\uDEC5\uDECB-\uDED2\uDED5\uDEE0-\uDEE5\uDEE9\uDEEB\uDEEC\uDEF0\uDEF3-\uDEFA\uDFE0-\uDFEB]|\uD83E[\uDD0D-\uDD3A\uDD3C-\uDD45\uDD47-\uDD71\uDD73-\uDD76\uDD7A-\uDDA2\uDDA5-\uDDAA\uDDAE-\uDDCA\uDDCD-\uDDFF\uDE70-\uDE73\uDE78-\uDE7A\uDE80-\uDE82\uDE90-\uDE95])\uFE0F|(?:[\u261D\u26F9\u270A-\u270D]|\uD83C[\uDF85\uDFC2-\uDFC4\uDFC7\uDFCA-\uDFCC]|\uD83D[\uDC42\uDC43\uDC46-\uDC50\uDC66-\uDC78\uDC7C\uDC81-\uDC83\uDC85-\uDC87\uDC8F\uDC91\uDCAA\uDD74\uDD75\uDD7A\uDD90\uDD95\uDD96\uDE45-\uDE47\uDE4B-\uDE4F\uDEA3\uDEB4-\uDEB6\uDEC0\uDECC]|\uD83E[\uDD0F\uDD18-\uDD1F\uDD26\uDD30-\uDD39\uDD3C-\uDD3E\uDDB5\uDDB6\uDDB8\uDDB9\uDDBB\uDDCD-\uDDCF\uDDD1-\uDDDD])/g;
    };
  }
});

// node_modules/cli-progress/node_modules/string-width/index.js
var require_string_width = __commonJS({
  "node_modules/cli-progress/node_modules/string-width/index.js"(exports, module) {
    "use strict";
    var stripAnsi = require_strip_ansi();
    var isFullwidthCodePoint = require_is_fullwidth_code_point();
    var emojiRegex = require_emoji_regex();
    var stringWidth = (string) => {
      if (typeof string !== "string" || string.length === 0) {
        return 0;
      }
      string = stripAnsi(string);
      if (string.length === 0) {
        return 0;
      }
      string = string.replace(emojiRegex(), "  ");
      let width = 0;
      for (let i = 0; i < string.length; i++) {
        const code = string.codePointAt(i);
        if (code <= 31 || code >= 127 && code <= 159) {
          continue;
        }
        if (code >= 768 && code <= 879) {
          continue;
        }
        if (code > 65535) {
          i++;
        }
        width += isFullwidthCodePoint(code) ? 2 : 1;
      }
      return width;
    };
    module.exports = stringWidth;
    module.exports.default = stringWidth;
  }
});

// node_modules/cli-progress/lib/format-value.js
var require_format_value = __commonJS({
  "node_modules/cli-progress/lib/format-value.js"(exports, module) {
    module.exports = function formatValue(v, options, type) {
      if (options.autopadding !== true) {
        return v;
      }
      function autopadding(value, length) {
        return (options.autopaddingChar + value).slice(-length);
      }
      switch (type) {
        case "percentage":
          return autopadding(v, 3);
        default:
          return v;
      }
    };
  }
});

// node_modules/cli-progress/lib/format-bar.js
var require_format_bar = __commonJS({
  "node_modules/cli-progress/lib/format-bar.js"(exports, module) {
    module.exports = function formatBar(progress, options) {
      const completeSize = Math.round(progress * options.barsize);
      const incompleteSize = options.barsize - completeSize;
      return options.barCompleteString.substr(0, completeSize) + options.barGlue + options.barIncompleteString.substr(0, incompleteSize);
    };
  }
});

// node_modules/cli-progress/lib/format-time.js
var require_format_time = __commonJS({
  "node_modules/cli-progress/lib/format-time.js"(exports, module) {
    module.exports = function formatTime(t, options, roundToMultipleOf) {
      function round(input) {
        if (roundToMultipleOf) {
          return roundToMultipleOf * Math.round(input / roundToMultipleOf);
        } else {
          return input;
        }
      }
      function autopadding(v) {
        return (options.autopaddingChar + v).slice(-2);
      }
      if (t > 3600) {
        return autopadding(Math.floor(t / 3600)) + "h" + autopadding(round(t % 3600 / 60)) + "m";
      } else if (t > 60) {
        return autopadding(Math.floor(t / 60)) + "m" + autopadding(round(t % 60)) + "s";
      } else if (t > 10) {
        return autopadding(round(t)) + "s";
      } else {
        return autopadding(t) + "s";
      }
    };
  }
});

// node_modules/cli-progress/lib/formatter.js
var require_formatter = __commonJS({
  "node_modules/cli-progress/lib/formatter.js"(exports, module) {
    var _stringWidth = require_string_width();
    var _defaultFormatValue = require_format_value();
    var _defaultFormatBar = require_format_bar();
    var _defaultFormatTime = require_format_time();
    module.exports = function defaultFormatter(options, params, payload) {
      let s = options.format;
      const formatTime = options.formatTime || _defaultFormatTime;
      const formatValue = options.formatValue || _defaultFormatValue;
      const formatBar = options.formatBar || _defaultFormatBar;
      const percentage = Math.floor(params.progress * 100) + "";
      const stopTime = params.stopTime || Date.now();
      const elapsedTime = Math.round((stopTime - params.startTime) / 1e3);
      const context = Object.assign({}, payload, {
        bar: formatBar(params.progress, options),
        percentage: formatValue(percentage, options, "percentage"),
        total: formatValue(params.total, options, "total"),
        value: formatValue(params.value, options, "value"),
        eta: formatValue(params.eta, options, "eta"),
        eta_formatted: formatTime(params.eta, options, 5),
        duration: formatValue(elapsedTime, options, "duration"),
        duration_formatted: formatTime(elapsedTime, options, 1)
      });
      s = s.replace(/\{(\w+)\}/g, function(match, key) {
        if (typeof context[key] !== "undefined") {
          return context[key];
        }
        return match;
      });
      const fullMargin = Math.max(0, params.maxWidth - _stringWidth(s) - 2);
      const halfMargin = Math.floor(fullMargin / 2);
      switch (options.align) {
        // fill start-of-line with whitespaces
        case "right":
          s = fullMargin > 0 ? " ".repeat(fullMargin) + s : s;
          break;
        // distribute whitespaces to left+right
        case "center":
          s = halfMargin > 0 ? " ".repeat(halfMargin) + s : s;
          break;
        // default: left align, no additional whitespaces
        case "left":
        default:
          break;
      }
      return s;
    };
  }
});

// node_modules/cli-progress/lib/options.js
var require_options = __commonJS({
  "node_modules/cli-progress/lib/options.js"(exports, module) {
    function mergeOption(v, defaultValue) {
      if (typeof v === "undefined" || v === null) {
        return defaultValue;
      } else {
        return v;
      }
    }
    module.exports = {
      // set global options
      parse: function parse(rawOptions, preset) {
        const options = {};
        const opt = Object.assign({}, preset, rawOptions);
        options.throttleTime = 1e3 / mergeOption(opt.fps, 10);
        options.stream = mergeOption(opt.stream, process.stderr);
        options.terminal = mergeOption(opt.terminal, null);
        options.clearOnComplete = mergeOption(opt.clearOnComplete, false);
        options.stopOnComplete = mergeOption(opt.stopOnComplete, false);
        options.barsize = mergeOption(opt.barsize, 40);
        options.align = mergeOption(opt.align, "left");
        options.hideCursor = mergeOption(opt.hideCursor, false);
        options.linewrap = mergeOption(opt.linewrap, false);
        options.barGlue = mergeOption(opt.barGlue, "");
        options.barCompleteChar = mergeOption(opt.barCompleteChar, "=");
        options.barIncompleteChar = mergeOption(opt.barIncompleteChar, "-");
        options.format = mergeOption(opt.format, "progress [{bar}] {percentage}% | ETA: {eta}s | {value}/{total}");
        options.formatTime = mergeOption(opt.formatTime, null);
        options.formatValue = mergeOption(opt.formatValue, null);
        options.formatBar = mergeOption(opt.formatBar, null);
        options.etaBufferLength = mergeOption(opt.etaBuffer, 10);
        options.etaAsynchronousUpdate = mergeOption(opt.etaAsynchronousUpdate, false);
        options.progressCalculationRelative = mergeOption(opt.progressCalculationRelative, false);
        options.synchronousUpdate = mergeOption(opt.synchronousUpdate, true);
        options.noTTYOutput = mergeOption(opt.noTTYOutput, false);
        options.notTTYSchedule = mergeOption(opt.notTTYSchedule, 2e3);
        options.emptyOnZero = mergeOption(opt.emptyOnZero, false);
        options.forceRedraw = mergeOption(opt.forceRedraw, false);
        options.autopadding = mergeOption(opt.autopadding, false);
        options.gracefulExit = mergeOption(opt.gracefulExit, false);
        return options;
      },
      // derived options: instance specific, has to be created for every bar element
      assignDerivedOptions: function assignDerivedOptions(options) {
        options.barCompleteString = options.barCompleteChar.repeat(options.barsize + 1);
        options.barIncompleteString = options.barIncompleteChar.repeat(options.barsize + 1);
        options.autopaddingChar = options.autopadding ? mergeOption(options.autopaddingChar, "   ") : "";
        return options;
      }
    };
  }
});

// node_modules/cli-progress/lib/generic-bar.js
var require_generic_bar = __commonJS({
  "node_modules/cli-progress/lib/generic-bar.js"(exports, module) {
    var _ETA = require_eta();
    var _Terminal = require_terminal();
    var _formatter = require_formatter();
    var _options = require_options();
    var _EventEmitter = __require("events");
    module.exports = class GenericBar extends _EventEmitter {
      constructor(options) {
        super();
        this.options = _options.assignDerivedOptions(options);
        this.terminal = this.options.terminal ? this.options.terminal : new _Terminal(this.options.stream);
        this.value = 0;
        this.startValue = 0;
        this.total = 100;
        this.lastDrawnString = null;
        this.startTime = null;
        this.stopTime = null;
        this.lastRedraw = Date.now();
        this.eta = new _ETA(this.options.etaBufferLength, 0, 0);
        this.payload = {};
        this.isActive = false;
        this.formatter = typeof this.options.format === "function" ? this.options.format : _formatter;
      }
      // internal render function
      render(forceRendering = false) {
        const params = {
          progress: this.getProgress(),
          eta: this.eta.getTime(),
          startTime: this.startTime,
          stopTime: this.stopTime,
          total: this.total,
          value: this.value,
          maxWidth: this.terminal.getWidth()
        };
        if (this.options.etaAsynchronousUpdate) {
          this.updateETA();
        }
        const s = this.formatter(this.options, params, this.payload);
        const forceRedraw = forceRendering || this.options.forceRedraw || this.options.noTTYOutput && !this.terminal.isTTY();
        if (forceRedraw || this.lastDrawnString != s) {
          this.emit("redraw-pre");
          this.terminal.cursorTo(0, null);
          this.terminal.write(s);
          this.terminal.clearRight();
          this.lastDrawnString = s;
          this.lastRedraw = Date.now();
          this.emit("redraw-post");
        }
      }
      // start the progress bar
      start(total, startValue, payload) {
        this.value = startValue || 0;
        this.total = typeof total !== "undefined" && total >= 0 ? total : 100;
        this.startValue = startValue || 0;
        this.payload = payload || {};
        this.startTime = Date.now();
        this.stopTime = null;
        this.lastDrawnString = "";
        this.eta = new _ETA(this.options.etaBufferLength, this.startTime, this.value);
        this.isActive = true;
        this.emit("start", total, startValue);
      }
      // stop the bar
      stop() {
        this.isActive = false;
        this.stopTime = Date.now();
        this.emit("stop", this.total, this.value);
      }
      // update the bar value
      // update(value, payload)
      // update(payload)
      update(arg0, arg1 = {}) {
        if (typeof arg0 === "number") {
          this.value = arg0;
          this.eta.update(Date.now(), arg0, this.total);
        }
        const payloadData = (typeof arg0 === "object" ? arg0 : arg1) || {};
        this.emit("update", this.total, this.value);
        for (const key in payloadData) {
          this.payload[key] = payloadData[key];
        }
        if (this.value >= this.getTotal() && this.options.stopOnComplete) {
          this.stop();
        }
      }
      // calculate the actual progress value
      getProgress() {
        let progress = this.value / this.total;
        if (this.options.progressCalculationRelative) {
          progress = (this.value - this.startValue) / (this.total - this.startValue);
        }
        if (isNaN(progress)) {
          progress = this.options && this.options.emptyOnZero ? 0 : 1;
        }
        progress = Math.min(Math.max(progress, 0), 1);
        return progress;
      }
      // update the bar value
      // increment(delta, payload)
      // increment(payload)
      increment(arg0 = 1, arg1 = {}) {
        if (typeof arg0 === "object") {
          this.update(this.value + 1, arg0);
        } else {
          this.update(this.value + arg0, arg1);
        }
      }
      // get the total (limit) value
      getTotal() {
        return this.total;
      }
      // set the total (limit) value
      setTotal(total) {
        if (typeof total !== "undefined" && total >= 0) {
          this.total = total;
        }
      }
      // force eta calculation update (long running processes)
      updateETA() {
        this.eta.update(Date.now(), this.value, this.total);
      }
    };
  }
});

// node_modules/cli-progress/lib/single-bar.js
var require_single_bar = __commonJS({
  "node_modules/cli-progress/lib/single-bar.js"(exports, module) {
    var _GenericBar = require_generic_bar();
    var _options = require_options();
    module.exports = class SingleBar extends _GenericBar {
      constructor(options, preset) {
        super(_options.parse(options, preset));
        this.timer = null;
        if (this.options.noTTYOutput && this.terminal.isTTY() === false) {
          this.options.synchronousUpdate = false;
        }
        this.schedulingRate = this.terminal.isTTY() ? this.options.throttleTime : this.options.notTTYSchedule;
        this.sigintCallback = null;
      }
      // internal render function
      render() {
        if (this.timer) {
          clearTimeout(this.timer);
          this.timer = null;
        }
        super.render();
        if (this.options.noTTYOutput && this.terminal.isTTY() === false) {
          this.terminal.newline();
        }
        this.timer = setTimeout(this.render.bind(this), this.schedulingRate);
      }
      update(current, payload) {
        if (!this.timer) {
          return;
        }
        super.update(current, payload);
        if (this.options.synchronousUpdate && this.lastRedraw + this.options.throttleTime * 2 < Date.now()) {
          this.render();
        }
      }
      // start the progress bar
      start(total, startValue, payload) {
        if (this.options.noTTYOutput === false && this.terminal.isTTY() === false) {
          return;
        }
        if (this.sigintCallback === null && this.options.gracefulExit) {
          this.sigintCallback = this.stop.bind(this);
          process.once("SIGINT", this.sigintCallback);
          process.once("SIGTERM", this.sigintCallback);
        }
        this.terminal.cursorSave();
        if (this.options.hideCursor === true) {
          this.terminal.cursor(false);
        }
        if (this.options.linewrap === false) {
          this.terminal.lineWrapping(false);
        }
        super.start(total, startValue, payload);
        this.render();
      }
      // stop the bar
      stop() {
        if (!this.timer) {
          return;
        }
        if (this.sigintCallback) {
          process.removeListener("SIGINT", this.sigintCallback);
          process.removeListener("SIGTERM", this.sigintCallback);
          this.sigintCallback = null;
        }
        this.render();
        super.stop();
        clearTimeout(this.timer);
        this.timer = null;
        if (this.options.hideCursor === true) {
          this.terminal.cursor(true);
        }
        if (this.options.linewrap === false) {
          this.terminal.lineWrapping(true);
        }
        this.terminal.cursorRestore();
        if (this.options.clearOnComplete) {
          this.terminal.cursorTo(0, null);
          this.terminal.clearLine();
        } else {
          this.terminal.newline();
        }
      }
    };
  }
});

// node_modules/cli-progress/lib/multi-bar.js
var require_multi_bar = __commonJS({
  "node_modules/cli-progress/lib/multi-bar.js"(exports, module) {
    var _Terminal = require_terminal();
    var _BarElement = require_generic_bar();
    var _options = require_options();
    var _EventEmitter = __require("events");
    module.exports = class MultiBar extends _EventEmitter {
      constructor(options, preset) {
        super();
        this.bars = [];
        this.options = _options.parse(options, preset);
        this.options.synchronousUpdate = false;
        this.terminal = this.options.terminal ? this.options.terminal : new _Terminal(this.options.stream);
        this.timer = null;
        this.isActive = false;
        this.schedulingRate = this.terminal.isTTY() ? this.options.throttleTime : this.options.notTTYSchedule;
        this.loggingBuffer = [];
        this.sigintCallback = null;
      }
      // add a new bar to the stack
      create(total, startValue, payload, barOptions = {}) {
        const bar = new _BarElement(Object.assign(
          {},
          // global options
          this.options,
          // terminal instance
          {
            terminal: this.terminal
          },
          // overrides
          barOptions
        ));
        this.bars.push(bar);
        if (this.options.noTTYOutput === false && this.terminal.isTTY() === false) {
          return bar;
        }
        if (this.sigintCallback === null && this.options.gracefulExit) {
          this.sigintCallback = this.stop.bind(this);
          process.once("SIGINT", this.sigintCallback);
          process.once("SIGTERM", this.sigintCallback);
        }
        if (!this.isActive) {
          if (this.options.hideCursor === true) {
            this.terminal.cursor(false);
          }
          if (this.options.linewrap === false) {
            this.terminal.lineWrapping(false);
          }
          this.timer = setTimeout(this.update.bind(this), this.schedulingRate);
        }
        this.isActive = true;
        bar.start(total, startValue, payload);
        this.emit("start");
        return bar;
      }
      // remove a bar from the stack
      remove(bar) {
        const index = this.bars.indexOf(bar);
        if (index < 0) {
          return false;
        }
        this.bars.splice(index, 1);
        this.update();
        this.terminal.newline();
        this.terminal.clearBottom();
        return true;
      }
      // internal update routine
      update() {
        if (this.timer) {
          clearTimeout(this.timer);
          this.timer = null;
        }
        this.emit("update-pre");
        this.terminal.cursorRelativeReset();
        this.emit("redraw-pre");
        if (this.loggingBuffer.length > 0) {
          this.terminal.clearLine();
          while (this.loggingBuffer.length > 0) {
            this.terminal.write(this.loggingBuffer.shift(), true);
          }
        }
        for (let i = 0; i < this.bars.length; i++) {
          if (i > 0) {
            this.terminal.newline();
          }
          this.bars[i].render();
        }
        this.emit("redraw-post");
        if (this.options.noTTYOutput && this.terminal.isTTY() === false) {
          this.terminal.newline();
          this.terminal.newline();
        }
        this.timer = setTimeout(this.update.bind(this), this.schedulingRate);
        this.emit("update-post");
        if (this.options.stopOnComplete && !this.bars.find((bar) => bar.isActive)) {
          this.stop();
        }
      }
      stop() {
        clearTimeout(this.timer);
        this.timer = null;
        if (this.sigintCallback) {
          process.removeListener("SIGINT", this.sigintCallback);
          process.removeListener("SIGTERM", this.sigintCallback);
          this.sigintCallback = null;
        }
        this.isActive = false;
        if (this.options.hideCursor === true) {
          this.terminal.cursor(true);
        }
        if (this.options.linewrap === false) {
          this.terminal.lineWrapping(true);
        }
        this.terminal.cursorRelativeReset();
        this.emit("stop-pre-clear");
        if (this.options.clearOnComplete) {
          this.terminal.clearBottom();
        } else {
          for (let i = 0; i < this.bars.length; i++) {
            if (i > 0) {
              this.terminal.newline();
            }
            this.bars[i].render();
            this.bars[i].stop();
          }
          this.terminal.newline();
        }
        this.emit("stop");
      }
      log(s) {
        this.loggingBuffer.push(s);
      }
    };
  }
});

// node_modules/cli-progress/presets/legacy.js
var require_legacy = __commonJS({
  "node_modules/cli-progress/presets/legacy.js"(exports, module) {
    module.exports = {
      format: "progress [{bar}] {percentage}% | ETA: {eta}s | {value}/{total}",
      barCompleteChar: "=",
      barIncompleteChar: "-"
    };
  }
});

// node_modules/cli-progress/presets/shades-classic.js
var require_shades_classic = __commonJS({
  "node_modules/cli-progress/presets/shades-classic.js"(exports, module) {
    module.exports = {
      format: " {bar} {percentage}% | ETA: {eta}s | {value}/{total}",
      barCompleteChar: "█",
      barIncompleteChar: "░"
    };
  }
});

// node_modules/cli-progress/presets/shades-grey.js
var require_shades_grey = __commonJS({
  "node_modules/cli-progress/presets/shades-grey.js"(exports, module) {
    module.exports = {
      format: " \x1B[90m{bar}\x1B[0m {percentage}% | ETA: {eta}s | {value}/{total}",
      barCompleteChar: "█",
      barIncompleteChar: "░"
    };
  }
});

// node_modules/cli-progress/presets/rect.js
var require_rect = __commonJS({
  "node_modules/cli-progress/presets/rect.js"(exports, module) {
    module.exports = {
      format: " {bar}■ {percentage}% | ETA: {eta}s | {value}/{total}",
      barCompleteChar: "■",
      barIncompleteChar: " "
    };
  }
});

// node_modules/cli-progress/presets/index.js
var require_presets = __commonJS({
  "node_modules/cli-progress/presets/index.js"(exports, module) {
    var _legacy = require_legacy();
    var _shades_classic = require_shades_classic();
    var _shades_grey = require_shades_grey();
    var _rect = require_rect();
    module.exports = {
      legacy: _legacy,
      shades_classic: _shades_classic,
      shades_grey: _shades_grey,
      rect: _rect
    };
  }
});

// node_modules/cli-progress/cli-progress.js
var require_cli_progress = __commonJS({
  "node_modules/cli-progress/cli-progress.js"(exports, module) {
    var _SingleBar = require_single_bar();
    var _MultiBar = require_multi_bar();
    var _Presets = require_presets();
    var _Formatter = require_formatter();
    var _defaultFormatValue = require_format_value();
    var _defaultFormatBar = require_format_bar();
    var _defaultFormatTime = require_format_time();
    module.exports = {
      Bar: _SingleBar,
      SingleBar: _SingleBar,
      MultiBar: _MultiBar,
      Presets: _Presets,
      Format: {
        Formatter: _Formatter,
        BarFormat: _defaultFormatBar,
        ValueFormat: _defaultFormatValue,
        TimeFormat: _defaultFormatTime
      }
    };
  }
});

// cli/context.ts
var import_picocolors = __toESM(require_picocolors(), 1);
import { once } from "node:events";

// cli/failures.ts
import { FoundError } from "../index.js";

// cli/format/text_error.ts
var TextError = class extends Error {
  constructor(message, at) {
    super(at === void 0 ? message : `${message}, at character ${at + 1}`);
    this.name = "TextError";
  }
};

// cli/failures.ts
var EXIT = Object.freeze({
  /** It did what it was asked. */
  OK: 0,
  /** It failed. */
  FAILED: 1,
  /** It was asked wrongly; nothing was done. */
  USAGE: 2,
  /** `get`: there is no such key. */
  ABSENT: 3,
  /** Ctrl-C. */
  INTERRUPTED: 130
});
var Failure = class extends Error {
  exitCode;
  constructor(message, exitCode = EXIT.FAILED, options) {
    super(message, options);
    this.name = "Failure";
    this.exitCode = exitCode;
  }
};
var UsageError = class extends Failure {
  constructor(message) {
    super(message, EXIT.USAGE);
  }
};
var Interrupted = class extends Failure {
  constructor() {
    super("interrupted", EXIT.INTERRUPTED);
  }
};
var Answer = class extends Failure {
};
function exitCodeOf(error) {
  return error instanceof Failure ? error.exitCode : EXIT.FAILED;
}
function messageOf(error) {
  if (error instanceof Failure || error instanceof TextError || error instanceof FoundError) return error.message;
  if (isSystemError(error)) return error.message;
  return `a defect of this program: ${error instanceof Error ? error.stack : String(error)}`;
}
function isSystemError(error) {
  return error instanceof Error && typeof error.syscall === "string";
}
function named(name, work2) {
  try {
    return work2();
  } catch (error) {
    if (error instanceof TextError) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
}

// cli/context.ts
function processContext() {
  const { stdin, stdout, stderr, env } = process;
  const controller = new AbortController();
  process.on("SIGINT", () => {
    if (controller.signal.aborted) process.exit(new Interrupted().exitCode);
    controller.abort(new Interrupted());
  });
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  const coloured = stdout.isTTY === true && import_picocolors.default.isColorSupported;
  return { stdin, stdout, stderr, environment: env, signal: controller.signal, colours: import_picocolors.default.createColors(coloured) };
}
async function write(context, text) {
  if (!context.stdout.write(text)) await once(context.stdout, "drain", { signal: context.signal });
}
function writeLine(context, line2) {
  return write(context, `${line2}
`);
}
function say(context, line2) {
  context.stderr.write(`${line2}
`);
}
async function readStdin(context) {
  const parts = [];
  for await (const part of context.stdin) parts.push(part);
  return Buffer.concat(parts);
}

// cli/program.ts
import { createRequire } from "node:module";

// node_modules/commander/esm.mjs
var import_index = __toESM(require_commander(), 1);
var {
  program,
  createCommand,
  createArgument,
  createOption,
  CommanderError,
  InvalidArgumentError,
  InvalidOptionArgumentError,
  // deprecated old name
  Command,
  Argument,
  Option,
  Help
} = import_index.default;

// cli/program.ts
import { getClientVersion } from "../index.js";

// cli/format/bytes_text.ts
import { nextPrefix, pack, unpack } from "../index.js";

// cli/format/escapes.ts
import { isUtf8 } from "node:buffer";
var PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
var PLAIN = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;
var PLAIN_ASCII = /^[ -~]*$/;
function hexEscape(byte) {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}
function isPrintable(character) {
  return PRINTABLE.test(character);
}
function asPlainText(bytes2) {
  const ascii = bytes2.toString("latin1");
  if (PLAIN_ASCII.test(ascii)) return ascii;
  if (!isUtf8(bytes2)) return void 0;
  const text = bytes2.toString();
  return PLAIN.test(text) ? text : void 0;
}
function escapeBytes(bytes2) {
  return isUtf8(bytes2) ? escapeText(bytes2.toString()) : escapeAscii(bytes2);
}
function escapeText(text) {
  if (PLAIN_ASCII.test(text)) return text.replaceAll("\\", "\\\\");
  let escaped = "";
  for (const character of text) {
    if (character === "\\") escaped += "\\\\";
    else if (isPrintable(character)) escaped += character;
    else for (const byte of Buffer.from(character)) escaped += hexEscape(byte);
  }
  return escaped;
}
function escapeAscii(bytes2) {
  let escaped = "";
  for (const byte of bytes2) {
    if (byte === 92) escaped += "\\\\";
    else if (byte >= 32 && byte < 127) escaped += String.fromCharCode(byte);
    else escaped += hexEscape(byte);
  }
  return escaped;
}
function unescapeBytes(text) {
  const parts = [];
  let at = 0;
  while (at < text.length) {
    const backslash = text.indexOf("\\", at);
    const end = backslash < 0 ? text.length : backslash;
    if (end > at) parts.push(encode(text, at, end));
    if (backslash < 0) break;
    const hex = /^\\x([0-9a-f]{2})/i.exec(text.slice(backslash, backslash + 4));
    if (hex !== null) {
      parts.push(Buffer.of(Number.parseInt(hex[1], 16)));
      at = backslash + 4;
    } else if (text[backslash + 1] === "\\") {
      parts.push(Buffer.of(92));
      at = backslash + 2;
    } else {
      throw new TextError("a backslash must be followed by x and two hexadecimal digits, or by a backslash", backslash);
    }
  }
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}
function encode(text, begin2, end) {
  const part = text.slice(begin2, end);
  const lone = part.search(/(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])/);
  if (lone >= 0) throw new TextError("a lone surrogate has no bytes", begin2 + lone);
  return Buffer.from(part);
}

// cli/format/tuple_parser.ts
import { Double, Float, Uuid, Versionstamp } from "../index.js";
var DEPTH_MAX = 500;
var PLAIN2 = /[ !#-&(-[\]-~]+/y;
var SPACE = /[ \t\r\n]*/y;
var NUMBER = /[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?(?![\w.])/y;
var BITS = /0x[0-9a-f]+(?!\w)/iy;
var NAME = /[+-]?[a-z]+/iy;
var NAMED = {
  null: () => null,
  true: () => true,
  false: () => false,
  nan: () => new Double(NaN),
  inf: () => new Double(Infinity),
  "-inf": () => new Double(-Infinity)
};
function parseTupleAt(text, start) {
  const parser = new Parser(text, start);
  const items = parser.tuple(0);
  return { items, open: parser.open, end: parser.at };
}
function parseTuple(text) {
  const parsed = parseTupleAt(text, 0);
  if (text.slice(parsed.end).trim() !== "") throw new TextError("something stands behind the tuple", parsed.end);
  return parsed;
}
function parsePartialTuple(text) {
  const parser = new Parser(text, 0);
  try {
    return parser.partial();
  } catch (error) {
    if (error instanceof TextError) return void 0;
    throw error;
  }
}
var Parser = class {
  #text;
  at;
  open = false;
  constructor(text, at) {
    this.#text = text;
    this.at = at;
  }
  tuple(depth) {
    if (depth > DEPTH_MAX) throw this.#error(`tuples are nested deeper than ${DEPTH_MAX}`);
    this.#expect("(");
    const items = [];
    for (; ; ) {
      this.#skip();
      if (this.#take(")")) return items;
      if (this.open) throw this.#error("nothing can follow ... but the end of the tuple");
      items.push(this.#item(depth));
      this.#skip();
      if (depth === 0 && this.#text.startsWith("...", this.at)) this.#openAfter(items.at(-1));
      else if (!this.#take(",") && this.#text[this.at] !== ")") throw this.#error("expected , or )");
    }
  }
  partial() {
    this.#expect("(");
    const items = [];
    for (; ; ) {
      this.#skip();
      const itemStart = this.at;
      try {
        items.push(this.#item(0));
        this.#skip();
      } catch (error) {
        if (!(error instanceof TextError)) throw error;
        return { items, itemStart };
      }
      if (this.at >= this.#text.length) return { items: items.slice(0, -1), itemStart };
      if (!this.#take(",")) return void 0;
    }
  }
  #openAfter(last) {
    if (typeof last !== "string" && !(last instanceof Uint8Array)) {
      throw this.#error("... can follow only a text or bytes");
    }
    this.at += 3;
    this.open = true;
  }
  #item(depth) {
    const sign = this.#text[this.at];
    if (sign === "(") return this.tuple(depth + 1);
    if (sign === "'" || sign === '"') return this.#string(sign);
    if (sign === "b" && /['"]/.test(this.#text[this.at + 1] ?? "")) return this.#bytes();
    const number = this.#match(NUMBER);
    if (number !== void 0) return this.#number(number);
    const start = this.at;
    const name = this.#match(NAME);
    if (name === void 0) throw this.#error("expected an item");
    const named2 = Object.hasOwn(NAMED, name) ? NAMED[name] : void 0;
    if (named2 !== void 0) return named2();
    return this.#call(name, start);
  }
  #call(name, start) {
    if (!this.#take("(")) {
      throw new TextError(`${name} is no item; a text is written in quotes, such as '${name}'`, start);
    }
    this.#skip();
    const item = this.#argument(name, start);
    this.#skip();
    this.#expect(")");
    return item;
  }
  #argument(name, start) {
    switch (name) {
      case "uuid":
        return this.#made(() => new Uuid(this.#quoted()));
      case "versionstamp":
        return this.#versionstamp();
      case "double": {
        const bits = this.#match(BITS);
        return bits === void 0 ? new Double(this.#float()) : this.#made(() => Double.fromBits(BigInt(bits)));
      }
      case "float": {
        const bits = this.#match(BITS);
        return bits === void 0 ? new Float(this.#float()) : this.#made(() => Float.fromBits(Number(bits)));
      }
      default:
        throw new TextError(`there is no ${name}(...); there are uuid, versionstamp, float and double`, start);
    }
  }
  #versionstamp() {
    if (this.#text[this.at] === ")") return Versionstamp.incomplete();
    const number = this.#match(NUMBER);
    if (number !== void 0) return this.#made(() => Versionstamp.incomplete(Number(number)));
    const start = this.at;
    const hex = this.#quoted();
    if (!/^([0-9a-f]{20}|[0-9a-f]{24})$/i.test(hex)) {
      throw new TextError("a versionstamp is 20 or 24 hexadecimal digits in quotes", start);
    }
    return new Versionstamp(Buffer.from(hex, "hex"));
  }
  /** A number of a 32-bit or 64-bit float. */
  #float() {
    const number = this.#match(NUMBER);
    if (number !== void 0) return Number(number);
    const start = this.at;
    const named2 = { nan: NaN, inf: Infinity, "-inf": -Infinity }[this.#match(NAME) ?? ""];
    if (named2 === void 0) throw new TextError("expected a number, nan, inf, -inf, or the bits as 0x...", start);
    return named2;
  }
  #number(text) {
    if (/[.eE]/.test(text)) {
      const value = Number(text);
      if (!Number.isFinite(value)) throw new TextError("the number is too large for 64 bits", this.at - text.length);
      return new Double(value);
    }
    const integer = BigInt(text.replace(/^\+/, ""));
    const number = Number(integer);
    return Number.isSafeInteger(number) ? number + 0 : integer;
  }
  #quoted() {
    const quote = this.#text[this.at];
    if (quote !== "'" && quote !== '"') throw this.#error("expected a text in quotes");
    return this.#string(quote);
  }
  #string(quote) {
    const start = this.at;
    const text = this.#inQuotes(quote, 1114111);
    if (/(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])/.test(text)) {
      throw new TextError("the text has a lone surrogate, which has no UTF-8", start);
    }
    return text;
  }
  #bytes() {
    this.at += 1;
    return Buffer.from(this.#inQuotes(this.#text[this.at], 255), "latin1");
  }
  /** What stands in quotes, escapes resolved. Bytes, whose `most` is ff, have only ASCII beside their escapes. */
  #inQuotes(quote, most) {
    const start = this.at;
    let inside = "";
    this.at += 1;
    while (this.at < this.#text.length) {
      const plain = this.#match(PLAIN2);
      if (plain !== void 0) inside += plain;
      const from = this.at;
      if (from >= this.#text.length) break;
      const sign = this.#text[from];
      if (sign === quote) {
        this.at += 1;
        return inside;
      }
      if (sign === "\\") {
        const code = this.#escape();
        if (code > most) throw new TextError("a byte is at most ff", from);
        inside += String.fromCodePoint(code);
      } else {
        if (most === 255 && sign > "~") throw new TextError("bytes are written in ASCII and \\xNN", from);
        inside += sign;
        this.at += 1;
      }
    }
    throw new TextError("the quotes are not closed", start);
  }
  #escape() {
    const escape = /^\\(?:x([0-9a-f]{2})|u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|([nrt0'"\\]))/i.exec(
      this.#text.slice(this.at, this.at + 10)
    );
    if (escape === null) throw this.#error("after a backslash come xNN, u{N...}, uNNNN, n, r, t, 0, a quote or a backslash");
    const [whole, two, braced, four, sign] = escape;
    const hex = two ?? braced ?? four;
    const code = hex === void 0 ? SIGNS[sign] : Number.parseInt(hex, 16);
    if (code === void 0 || code > 1114111) throw this.#error("there is no such character");
    this.at += whole.length;
    return code;
  }
  #made(make) {
    const start = this.at;
    try {
      return make();
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) throw new TextError(error.message, start);
      throw error;
    }
  }
  #match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text);
    if (found === null) return void 0;
    this.at = pattern.lastIndex;
    return found[0];
  }
  #skip() {
    this.#match(SPACE);
  }
  #take(sign) {
    if (this.#text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }
  #expect(sign) {
    if (!this.#take(sign)) throw this.#error(`expected ${sign}`);
  }
  #error(message) {
    return new TextError(this.at >= this.#text.length ? `${message}, but the text ends` : message, this.at);
  }
};
var SIGNS = { n: 10, r: 13, t: 9, 0: 0, "'": 39, '"': 34, "\\": 92 };

// cli/format/tuple_printer.ts
import { Double as Double2, Float as Float2, Uuid as Uuid2, Versionstamp as Versionstamp2 } from "../index.js";
var USUAL_NAN = 0x7ff8000000000000n;
var USUAL_FLOAT_NAN = 2143289344;
function printTuple(items, open4 = false) {
  const printed = items.map(printItem);
  if (open4) return `(${printed.map((item) => `${item}, `).join("")}`;
  return printed.length === 1 ? `(${printed[0]},)` : `(${printed.join(", ")})`;
}
function printItem(item) {
  if (item === null || typeof item === "boolean" || typeof item === "bigint") return String(item);
  if (typeof item === "number") return Number.isInteger(item) ? String(item) : printNumber(item);
  if (typeof item === "string") return printString(item);
  if (Array.isArray(item)) return printTuple(item);
  if (item instanceof Uuid2) return `uuid('${item.toString()}')`;
  if (item instanceof Versionstamp2) return `versionstamp('${item.toString()}')`;
  if (item instanceof Double2) return printDouble(item);
  if (item instanceof Float2) return `float(${printFloat(item)})`;
  return `b'${escapeAscii(item).replaceAll("'", "\\'")}'`;
}
var PLAIN3 = /^[ -&(-[\]-~]*$/;
function printString(text) {
  if (PLAIN3.test(text)) return `'${text}'`;
  let printed = "'";
  for (const character of text) {
    if (character === "'" || character === "\\") printed += `\\${character}`;
    else if (character === "\n") printed += "\\n";
    else if (character === "\r") printed += "\\r";
    else if (character === "	") printed += "\\t";
    else if (isPrintable(character)) printed += character;
    else printed += escapeCodePoint(character.codePointAt(0));
  }
  return `${printed}'`;
}
function escapeCodePoint(code) {
  return code < 256 ? hexEscape(code) : `\\u{${code.toString(16)}}`;
}
function printNumber(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
function printDouble(item) {
  if (Number.isNaN(item.value) && item.bits !== USUAL_NAN) return `double(0x${item.bits.toString(16).padStart(16, "0")})`;
  return printNumber(item.value);
}
function printFloat(item) {
  const { value, bits } = item;
  if (Number.isNaN(value)) return bits === USUAL_FLOAT_NAN ? "nan" : `0x${bits.toString(16).padStart(8, "0")}`;
  if (!Number.isFinite(value)) return printNumber(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return printNumber(short);
  }
  return printNumber(Number(value.toPrecision(9)));
}

// cli/format/bytes_text.ts
var PARENTHESIS = 40;
var KEYS_END = Buffer.of(255);
function printKey(key) {
  const items = asTuple(key);
  return items === void 0 ? printRaw(key) : printTuple(items);
}
function printValue(value) {
  const items = asTuple(value);
  const number = items !== void 0 && items.at(-1) === null && items.at(-2) === null;
  return items === void 0 || number ? printRaw(value) : printTuple(items);
}
function printRaw(bytes2) {
  const text = escapeBytes(bytes2);
  return bytes2[0] === PARENTHESIS ? hexEscape(PARENTHESIS) + text.slice(1) : text;
}
function asTuple(bytes2) {
  if (asPlainText(bytes2) !== void 0) return void 0;
  try {
    const items = unpack(bytes2);
    return pack(items).equals(bytes2) ? items : void 0;
  } catch {
    return void 0;
  }
}
function parseBytes(text) {
  if (!text.startsWith("(")) return unescapeBytes(text);
  const { items, open: open4 } = parseTuple(text);
  if (open4) throw new TextError("... stands for many keys; here one is wanted", text.lastIndexOf("..."));
  return packed(() => pack(items));
}
function parsePrefix(text) {
  if (!text.startsWith("(")) return startingWith(unescapeBytes(text));
  const { items, open: open4 } = parseTuple(text);
  const begin2 = packed(() => pack(items));
  if (open4) return startingWith(begin2.subarray(0, -1));
  return { begin: begin2, end: Buffer.concat([begin2, KEYS_END]) };
}
function startingWith(begin2) {
  const last = begin2.every((byte) => byte === 255);
  const end = last ? Buffer.concat([begin2, KEYS_END]) : nextPrefix(begin2);
  return { begin: begin2, end: begin2.length === 0 ? KEYS_END : end };
}
function packed(pack4) {
  try {
    return pack4();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new TextError(error.message);
    throw error;
  }
}

// cli/format/forms.ts
import { isUtf8 as isUtf82 } from "node:buffer";
var FORMS = ["text", "utf8", "hex", "base64", "int"];
var INT_BYTES = 8;
function show(bytes2, form, role) {
  switch (form) {
    case "text":
      return role === "key" ? printKey(bytes2) : printValue(bytes2);
    case "utf8":
      if (!isUtf82(bytes2)) throw new TextError(`the ${role} is not UTF-8: ${printValue(bytes2)}`);
      return bytes2.toString();
    case "int":
      return showInteger(bytes2);
    default:
      return bytes2.toString(form);
  }
}
function read(text, form) {
  switch (form) {
    case "text":
      return parseBytes(text);
    case "utf8":
      return Buffer.from(text);
    case "hex":
      return readHex(text);
    case "base64":
      return readBase64(text);
    case "int":
      return readInteger(text);
  }
}
function readHex(text) {
  const wrong = text.search(/[^0-9a-f]/i);
  if (wrong >= 0) throw new TextError("not a hexadecimal digit", wrong);
  if (text.length % 2 === 1) throw new TextError("half a byte: two hexadecimal digits make one", text.length - 1);
  return Buffer.from(text, "hex");
}
function readBase64(text) {
  const bytes2 = Buffer.from(text, "base64");
  if (bytes2.toString("base64") !== text) {
    const wrong = text.search(/[^0-9a-z+/=]/i);
    throw new TextError("not base64 of RFC 4648, with its padding", wrong < 0 ? text.length : wrong);
  }
  return bytes2;
}
function showInteger(bytes2) {
  const magnitude = BigInt(`0x${Buffer.from(bytes2).reverse().toString("hex") || "0"}`);
  const value = BigInt.asIntN(8 * bytes2.length, magnitude);
  return bytes2.length === INT_BYTES ? String(value) : `${value}/${bytes2.length}`;
}
function readInteger(text) {
  const match = /^([+-]?[0-9]+)(?:\/([0-9]{1,5}))?$/.exec(text);
  if (match === null) throw new TextError("not an integer such as 5, -1, or 5/4 for one of four bytes");
  const length = match[2] === void 0 ? INT_BYTES : Number(match[2]);
  const value = BigInt(match[1].replace(/^\+/, ""));
  const bits = 8 * length;
  const unsigned = BigInt.asUintN(bits, value);
  if (BigInt.asIntN(bits, value) !== value && unsigned !== value) {
    throw new TextError(`the integer does not fit into ${length} bytes`);
  }
  if (length === 0) return Buffer.alloc(0);
  return Buffer.from(unsigned.toString(16).padStart(2 * length, "0"), "hex").reverse();
}

// cli/commands/arguments.ts
var DATABASE_HELP = "memory:, file:PATH, or the path of a cluster file";
function databaseCommand(name, summary) {
  return new Command(name).summary(summary).description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`).argument("<DATABASE>", DATABASE_HELP).addOption(new Option("--timeout <seconds>", "give up a transaction after so long").argParser(seconds));
}
function examples(command, lines) {
  return command.addHelpText("after", `
Examples:
${lines.map((line2) => `  ${line2}`).join("\n")}`);
}
function addKeyForm(command) {
  return command.addOption(
    new Option("--keys <form>", "the form of keys, given and shown").choices(FORMS).default("text")
  );
}
function addForms(command) {
  return addKeyForm(command).addOption(
    new Option("--values <form>", "the form of values, given and shown").choices(FORMS).default("text")
  );
}
function formsOf(options) {
  return { key: options.keys, value: options.values };
}
function addRange(command) {
  return command.option("--prefix <key>", "the keys that begin so: of a tuple, itself and all longer ones").option("--begin <key>", "the keys from this one on").option("--end <key>", "the keys before this one");
}
function hasRange(options) {
  return options.prefix !== void 0 || options.begin !== void 0 || options.end !== void 0;
}
function rangeOf(options) {
  const { prefix, begin: begin2, end, keys } = options;
  if (prefix !== void 0) {
    if (begin2 !== void 0 || end !== void 0) throw new UsageError("--prefix: not together with --begin or --end");
    return named("--prefix", () => keys === "text" ? parsePrefix(prefix) : startingWith(read(prefix, keys)));
  }
  const range2 = {
    begin: begin2 === void 0 ? Buffer.alloc(0) : named("--begin", () => read(begin2, keys)),
    end: end === void 0 ? KEYS_END : named("--end", () => read(end, keys))
  };
  if (range2.begin.compare(range2.end) > 0) throw new UsageError("--begin: comes after --end");
  return range2;
}
function keyOf(text, form, name = "KEY") {
  return named(name, () => read(text, form));
}
function wholeNumber(text) {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError("expected a whole number from 0 to 999999999");
  return Number(text);
}
function seconds(text) {
  const value = Number(text);
  if (!(value > 0 && value <= 1e6)) throw new InvalidArgumentError("expected a number of seconds above 0");
  return value;
}

// cli/commands/clear.ts
import { clear, estimatedSizeBytes, transactional } from "../index.js";

// cli/database.ts
import { existsSync } from "node:fs";
import { close, open } from "../index.js";
function filePath(target) {
  return target.startsWith("file:") ? target.slice("file:".length) : void 0;
}
function isEmbedded(target) {
  return target.startsWith("memory:") || target.startsWith("file:");
}
async function withDatabase(context, target, choice, work2) {
  if (target === "") throw new UsageError("DATABASE: is empty; it is memory:, file:PATH or the path of a cluster file");
  const path2 = filePath(target);
  if (path2 !== void 0 && !choice.create && !existsSync(path2)) {
    throw new Failure(`there is no database file ${path2}; found set, found import and the shell make one`);
  }
  if (target.startsWith("memory:")) say(context, `found: ${target} is empty, and gone when the command ends`);
  const options = choice.timeout === void 0 ? {} : { transaction_timeout: Math.round(choice.timeout * 1e3) };
  const db = await open(target, options);
  try {
    return await work2(db);
  } finally {
    await close(db);
  }
}

// cli/format/quantities.ts
function count(value) {
  return value.toLocaleString("en-US");
}
function plural(value, one) {
  return `${count(value)} ${one}${value === 1 ? "" : "s"}`;
}
function bytes(value) {
  if (value < 1e3) return value === 1 ? "1 byte" : `${Math.round(value)} bytes`;
  const units = ["kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  let scaled = value / 1e3;
  while (scaled >= 999.95 && unit < units.length - 1) {
    scaled /= 1e3;
    unit += 1;
  }
  return `${scaled.toFixed(1)} ${units[unit]}`;
}
function duration(seconds2) {
  const whole = Math.round(seconds2);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
}

// cli/commands/clear.ts
function clearCommand(context) {
  const command = addKeyForm(addRange(databaseCommand("clear", "clear keys, or a range of them, in one transaction"))).argument("[KEY...]", `keys, such as hello or "('user', 42)"`).option("--all", "all keys").option("--yes", "clear a range without asking").action((target, keys, options) => run(context, target, keys, options));
  return examples(command, [
    "found clear file:app.db hello",
    `found clear file:app.db --prefix "('user', 42)"`,
    "found clear file:app.db --begin a --end b --yes",
    "found clear file:app.db --all --yes"
  ]);
}
async function run(context, target, texts, options) {
  const keys = texts.map((text) => keyOf(text, options.keys));
  const chosen = [keys.length > 0, hasRange(options), options.all === true].filter(Boolean).length;
  if (chosen === 0) throw new UsageError("KEY: expected keys, or a range by --prefix, --begin and --end, or --all");
  if (chosen > 1) throw new UsageError("KEY: either keys, or a range, or --all");
  const range2 = keys.length === 0 ? rangeOf(options) : void 0;
  if (range2 !== void 0 && !options.yes && !canAsk(context)) {
    throw new UsageError("--yes: a range is cleared without asking only with this option, and there is no terminal to ask on");
  }
  await withDatabase(context, target, { create: false, timeout: options.timeout }, async (db) => {
    if (range2 !== void 0 && !options.yes) await ask(context, db, range2, options);
    await transactional(
      db,
      (tx) => {
        for (const key of keys) clear(tx, key);
        if (range2 !== void 0) clear(tx, range2.begin, range2.end);
      },
      { signal: context.signal }
    );
  });
}
function canAsk({ stdin, stderr }) {
  return stdin.isTTY === true && stderr.isTTY === true;
}
async function ask(context, db, range2, options) {
  const { signal, stdin, stderr } = context;
  const size = await transactional(db, (tx) => estimatedSizeBytes(tx, range2.begin, range2.end), { signal });
  const question = `Clear ${rangeText(range2, options)} (about ${bytes(size)})?`;
  const { default: confirm } = await Promise.resolve().then(() => (init_dist7(), dist_exports));
  let yes;
  try {
    yes = await confirm({ message: question, default: false }, { input: stdin, output: stderr, signal });
  } catch (error) {
    if (error instanceof Error && /^(ExitPrompt|AbortPrompt)Error$/.test(error.name)) throw new Interrupted();
    throw error;
  }
  if (!yes) throw new Failure("nothing was cleared");
}
function rangeText({ begin: begin2, end }, { all, prefix, keys }) {
  if (all) return "all keys";
  if (prefix !== void 0) return `the keys that begin with ${prefix}`;
  const until = end.equals(KEYS_END) ? "the end" : show(end, keys, "key");
  return `the keys from ${begin2.length === 0 ? "the first" : show(begin2, keys, "key")} to ${until}`;
}

// cli/transfer/export.ts
import { estimatedSizeBytes as estimatedSizeBytes2, query, scan, STREAMING_MODE_WANT_ALL, transaction, transactional as transactional2 } from "../index.js";

// cli/transfer/layout.ts
import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { Uuid as Uuid3 } from "../index.js";
var MAGIC = Buffer.from([137, 102, 111, 117, 110, 100, 13, 10]);
var VERSION = 1;
var HEADER_BYTES = 36;
var BLOCK_HEAD_BYTES = 16;
var END_BYTES = 28;
var CRC_BYTES = 4;
var BLOCK = 66;
var END = 69;
var BLOCK_ROWS_BYTES = 512 * 1024;
var BLOCK_BYTES_MAX = 64 * 1024 * 1024;
var COMPRESSIONS = { none: 0, deflate: 1, zstd: 2 };
function newId() {
  return new Uuid3(randomBytes(16));
}
function sealed(parts, before) {
  let crc = before;
  for (const part of parts) crc = crc32(part, crc);
  const tail = Buffer.alloc(CRC_BYTES);
  tail.writeUInt32LE(crc);
  return { bytes: Buffer.concat([...parts, tail]), crc };
}
function encodeHeader(header) {
  const fixed = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(fixed);
  fixed.writeUInt16LE(VERSION, 8);
  fixed.writeUInt8(COMPRESSIONS[header.compression], 10);
  header.id.bytes.copy(fixed, 12);
  fixed.writeUInt32LE(header.begin.length, 28);
  fixed.writeUInt32LE(header.end.length, 32);
  return sealed([fixed, header.begin, header.end], 0);
}
function encodeBlock(stored, length, rows, before) {
  const head = Buffer.alloc(BLOCK_HEAD_BYTES);
  head.writeUInt8(BLOCK);
  head.writeUInt32LE(stored.length, 4);
  head.writeUInt32LE(length, 8);
  head.writeUInt32LE(rows, 12);
  return sealed([head, stored], before);
}
function encodeEnd(totals, before) {
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt8(END);
  end.writeBigUInt64LE(BigInt(totals.blocks), 4);
  end.writeBigUInt64LE(BigInt(totals.rows), 12);
  end.writeBigUInt64LE(BigInt(totals.bytes), 20);
  return sealed([end], before);
}
function writeRow(room, at, key, value) {
  let next = room.writeUInt16LE(key.length, at);
  next = room.writeUInt32LE(value.length, next);
  key.copy(room, next);
  value.copy(room, next + key.length);
  return next + key.length + value.length;
}
function rowBytes(key, value) {
  return 6 + key.length + value.length;
}
function readRows(bytes2, count2) {
  const rows = [];
  let at = 0;
  while (at + 6 <= bytes2.length) {
    const keyEnd = at + 6 + bytes2.readUInt16LE(at);
    const end = keyEnd + bytes2.readUInt32LE(at + 2);
    if (end > bytes2.length) return void 0;
    rows.push([bytes2.subarray(at + 6, keyEnd), bytes2.subarray(keyEnd, end)]);
    at = end;
  }
  return at === bytes2.length && rows.length === count2 ? rows : void 0;
}

// cli/transfer/progress.ts
var LINE_EVERY = 1e4;
var BAR_EVERY = 100;
var Progress = class {
  #context;
  #verb;
  /** How much there is to do, in bytes, perhaps by estimate; 0 if nobody knows. */
  #total;
  #quiet;
  #started = performance.now();
  #first;
  #told = this.#started;
  #bar;
  constructor(context, verb, total, quiet) {
    this.#context = context;
    this.#verb = verb;
    this.#total = total;
    this.#quiet = quiet;
  }
  /** Makes the bar ready, where there is a terminal for it. */
  async begin() {
    const { stderr } = this.#context;
    if (this.#quiet || stderr.isTTY !== true) return;
    const { default: progress } = await Promise.resolve().then(() => __toESM(require_cli_progress(), 1));
    const format = this.#total > 0 ? `${this.#verb} {bar} {percentage}% | {told}` : `${this.#verb} {told}`;
    this.#bar = new progress.SingleBar(
      { format, stream: stderr, clearOnComplete: true, hideCursor: true, barsize: 25, gracefulExit: false },
      progress.Presets.shades_classic
    );
    this.#bar.start(Math.max(this.#total, 1), 0, { told: "" });
  }
  /** The transfer is at this place. The first one told is where it began. */
  at(place) {
    this.#first ??= place;
    const now = performance.now();
    if (this.#quiet || now - this.#told < (this.#bar === void 0 ? LINE_EVERY : BAR_EVERY)) return;
    this.#told = now;
    const told = this.#tell(place, now);
    if (this.#bar === void 0) say(this.#context, `${this.#verb} ${told}`);
    else this.#bar.update(Math.min(place.done, this.#total), { told });
  }
  #tell({ rows, done }, now) {
    const first = this.#first ?? { rows: 0, done: 0 };
    const seconds2 = (now - this.#started) / 1e3;
    const rate = `${count(Math.round((rows - first.rows) / seconds2))} rows/s`;
    const speed = (done - first.done) / seconds2;
    const left = this.#total > done && speed > 0 ? `, ${duration((this.#total - done) / speed)} left` : "";
    return `${plural(rows, "row")}, ${bytes(done)}, ${rate}${left}`;
  }
  /** The transfer has ended; `said` tells how. */
  end(said) {
    this.#bar?.stop();
    if (said !== void 0 && !this.#quiet) say(this.#context, said);
  }
  /** How long it took and how fast it was: `3 s, 400,000 rows/s`. */
  pace(rows) {
    const seconds2 = (performance.now() - this.#started) / 1e3;
    const moved = rows - (this.#first?.rows ?? 0);
    return `${seconds2 < 1 ? seconds2.toFixed(2) + " s" : duration(seconds2)}, ${count(Math.round(moved / seconds2))} rows/s`;
  }
};

// cli/transfer/resume.ts
import { createReadStream } from "node:fs";
import { open as open2, stat } from "node:fs/promises";

// cli/format/json_rows.ts
function fieldName(role, form) {
  return form === "text" ? role : `${role}_${form}`;
}
function printRow(key, value, forms) {
  const fields = { [fieldName("key", forms.key)]: show(key, forms.key, "key") };
  if (value !== void 0) fields[fieldName("value", forms.value)] = show(value, forms.value, "value");
  return JSON.stringify(fields);
}
function readRow(line2) {
  const fields = parseObject(line2);
  const row = [field(fields, "key"), field(fields, "value")];
  const [unknown2] = Object.keys(fields);
  if (unknown2 !== void 0) throw new TextError(`there is no field ${JSON.stringify(unknown2)}`);
  return row;
}
function parseObject(line2) {
  let parsed;
  try {
    parsed = JSON.parse(line2);
  } catch (error) {
    throw new TextError(`not JSON: ${error.message}`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new TextError("not a JSON object");
  return parsed;
}
function field(fields, role) {
  const given = FORMS.filter((form2) => Object.hasOwn(fields, fieldName(role, form2)));
  const [form, another] = given;
  if (form === void 0) throw new TextError(`there is no ${role}`);
  if (another !== void 0) throw new TextError(`there is more than one ${role}`);
  const name = fieldName(role, form);
  const text = fields[name];
  if (typeof text !== "string") throw new TextError(`${name} is not a text`);
  delete fields[name];
  try {
    return read(text, form);
  } catch (error) {
    if (error instanceof TextError) throw new TextError(`${name}: ${error.message}`);
    throw error;
  }
}

// cli/transfer/byte_source.ts
var ByteSource = class {
  #pieces;
  #held = [];
  #heldBytes = 0;
  #ended = false;
  /** How many bytes were taken so far. */
  at = 0;
  constructor(stream) {
    this.#pieces = stream[Symbol.asyncIterator]();
  }
  async #more() {
    if (this.#ended) return false;
    const { done, value } = await this.#pieces.next();
    if (done) {
      this.#ended = true;
      return false;
    }
    this.#held.push(value);
    this.#heldBytes += value.length;
    return true;
  }
  /** The next `count` bytes, not taken yet; fewer if the stream ends before. */
  async peek(count2) {
    while (this.#heldBytes < count2 && await this.#more()) ;
    if (this.#held.length > 1 && this.#held[0].length < count2) this.#held = [Buffer.concat(this.#held)];
    return (this.#held[0] ?? Buffer.alloc(0)).subarray(0, count2);
  }
  /** Takes `count` bytes; fewer if the stream ends before. */
  async take(count2) {
    const taken = await this.peek(count2);
    this.#drop(taken.length);
    return taken;
  }
  /**
   * Takes the bytes up to the next line feed, without it; undefined at the end of the stream. `whole` is false for
   * a last line that no line feed ends, and for one that is longer than `most`.
   */
  async takeLine(most) {
    let searched = 0;
    for (; ; ) {
      const first = this.#held[0];
      const end = first === void 0 ? -1 : first.indexOf(10, searched);
      if (first !== void 0 && end >= 0) {
        const line2 = first.subarray(0, end);
        this.#drop(end + 1);
        return { line: line2, whole: true };
      }
      searched = first?.length ?? 0;
      if (searched > most || !await this.#more()) {
        const line2 = await this.take(this.#heldBytes);
        return line2.length === 0 ? void 0 : { line: line2, whole: false };
      }
      if (this.#held.length > 1) this.#held = [Buffer.concat(this.#held)];
    }
  }
  #drop(count2) {
    this.at += count2;
    this.#heldBytes -= count2;
    const first = this.#held[0];
    if (first === void 0) return;
    if (first.length === count2) this.#held.shift();
    else this.#held[0] = first.subarray(count2);
  }
  /** No more is wanted. */
  async end() {
    await this.#pieces.return?.();
  }
};

// cli/transfer/reader.ts
import { crc32 as crc322 } from "node:zlib";
import { Uuid as Uuid4 } from "../index.js";

// cli/transfer/compression.ts
import { promisify } from "node:util";
import * as zlib from "node:zlib";
var { zstdCompress, zstdDecompress } = zlib;
var compressors = {
  none: (bytes2) => Promise.resolve(bytes2),
  deflate: work(zlib.deflateRaw),
  zstd: work(zstdCompress)
};
var decompressors = {
  none: (bytes2) => Promise.resolve(bytes2),
  deflate: work(zlib.inflateRaw),
  zstd: work(zstdDecompress)
};
function work(call) {
  if (call === void 0) return void 0;
  const promised = promisify(call);
  return (bytes2, options = {}) => promised(bytes2, options);
}
function compressor(compression) {
  return known(compressors[compression], compression);
}
function decompressor(compression) {
  const call = known(decompressors[compression], compression);
  return (bytes2, length) => call(bytes2, { maxOutputLength: Math.max(length, 1) });
}
function known(call, compression) {
  if (call !== void 0) return call;
  throw new Failure(`${compression}: this Node (${process.version}) has it not; Node 22.15 and newer have`);
}

// cli/transfer/reader.ts
var KEY_BYTES_MAX = 65535;
var LINE_BYTES_MAX = 64 * 1024 * 1024;
var Damaged = class extends Failure {
};
async function isBlocks(source) {
  return (await source.peek(MAGIC.length)).equals(MAGIC);
}
var BlockReader = class _BlockReader {
  header;
  totals = { blocks: 0, rows: 0, bytes: 0 };
  /** The checksum of the last part that was read: what is written behind it goes on from it. */
  crc;
  /** The last key that was read. */
  lastKey;
  /** Where the part that is being read begins. */
  #start;
  #source;
  #name;
  #decompress;
  constructor(source, name, header, crc) {
    this.#source = source;
    this.#name = name;
    this.header = header;
    this.crc = crc;
    this.#start = source.at;
    this.#decompress = decompressor(header.compression);
  }
  /** Reads the header. */
  static async open(source, name) {
    const fixed = await source.take(HEADER_BYTES);
    if (!fixed.subarray(0, MAGIC.length).equals(MAGIC)) throw new Damaged(`${name}: not an export of found`);
    if (fixed.length < HEADER_BYTES) throw new Damaged(`${name}: ends within its header, at byte ${source.at}`);
    const version2 = fixed.readUInt16LE(8);
    if (version2 !== VERSION) {
      throw new Failure(`${name}: of version ${version2}, and this program knows ${VERSION}: a newer one is needed`);
    }
    const lengths = [fixed.readUInt32LE(28), fixed.readUInt32LE(32)];
    const compression = compressionOf(fixed.readUInt8(10));
    if (compression === void 0 || Math.max(...lengths) > KEY_BYTES_MAX) throw new Damaged(`${name}: its header is damaged`);
    const keys = await source.take(lengths[0] + lengths[1] + CRC_BYTES);
    if (keys.length < lengths[0] + lengths[1] + CRC_BYTES) {
      throw new Damaged(`${name}: ends within its header, at byte ${source.at}`);
    }
    const crc = crc322(keys.subarray(0, -CRC_BYTES), crc322(fixed));
    if (crc !== keys.readUInt32LE(keys.length - CRC_BYTES)) throw new Damaged(`${name}: its header is damaged`);
    const header = {
      compression,
      id: new Uuid4(fixed.subarray(12, 28)),
      begin: Buffer.from(keys.subarray(0, lengths[0])),
      end: Buffer.from(keys.subarray(lengths[0], lengths[0] + lengths[1]))
    };
    return new _BlockReader(source, name, header, crc);
  }
  /** Where the last whole part ends. */
  get wholeBytes() {
    return this.#start;
  }
  async next() {
    const [kind] = await this.#source.peek(1);
    if (kind === void 0) throw this.#truncated();
    if (kind === END) return this.#readEnd();
    if (kind !== BLOCK) throw this.#damaged("neither a block nor the end begins here");
    const head = await this.#take(BLOCK_HEAD_BYTES);
    const [stored, length, rows] = [head.readUInt32LE(4), head.readUInt32LE(8), head.readUInt32LE(12)];
    if (stored > BLOCK_BYTES_MAX || length > BLOCK_BYTES_MAX) throw this.#damaged("the length of the block is wrong");
    const tail = await this.#take(stored + CRC_BYTES);
    const payload = tail.subarray(0, stored);
    const crc = this.#checked(crc322(payload, crc322(head, this.crc)), tail);
    const block = await this.#rows(payload, length, rows);
    this.crc = crc;
    this.#count(block);
    this.#start = this.#source.at;
    return block;
  }
  async #rows(payload, length, count2) {
    let plain;
    try {
      plain = await this.#decompress(payload, length);
    } catch (error) {
      if (error instanceof Failure) throw error;
    }
    const rows = plain?.length === length ? readRows(plain, count2) : void 0;
    if (rows === void 0 || rows.length === 0) throw this.#damaged("the block cannot be read");
    return rows;
  }
  #count(rows) {
    this.totals.blocks += 1;
    this.totals.rows += rows.length;
    for (const [key, value] of rows) this.totals.bytes += key.length + value.length;
    this.lastKey = rows.at(-1)?.[0];
  }
  async #readEnd() {
    const bytes2 = await this.#take(END_BYTES + CRC_BYTES);
    this.#checked(crc322(bytes2.subarray(0, END_BYTES), this.crc), bytes2);
    const { blocks, rows, bytes: size } = this.totals;
    const told = [bytes2.readBigUInt64LE(4), bytes2.readBigUInt64LE(12), bytes2.readBigUInt64LE(20)];
    if (![blocks, rows, size].every((value, index) => BigInt(value) === told[index])) {
      throw this.#damaged("the counts at the end are others");
    }
    this.#start = this.#source.at;
    if ((await this.#source.peek(1)).length > 0) throw this.#damaged("something stands behind the end");
    return void 0;
  }
  #checked(crc, sealed2) {
    if (crc !== sealed2.readUInt32LE(sealed2.length - CRC_BYTES)) throw this.#damaged("the checksum is wrong");
    return crc;
  }
  async #take(count2) {
    const bytes2 = await this.#source.take(count2);
    if (bytes2.length < count2) throw this.#truncated();
    return bytes2;
  }
  #truncated() {
    return new Damaged(`${this.#name}: ends too early, at byte ${count(this.#source.at)}: ${this.#whole()}`);
  }
  #damaged(what) {
    return new Damaged(`${this.#name}: damaged: ${what}, from byte ${count(this.#start)} on: ${this.#whole()}`);
  }
  #whole() {
    const { blocks, rows } = this.totals;
    const last = this.lastKey === void 0 ? "" : `, the last key ${printKey(this.lastKey)}`;
    return `whole are ${plural(blocks, "block")} before it with ${plural(rows, "row")}${last}`;
  }
};
function compressionOf(number) {
  return Object.keys(COMPRESSIONS).find((name) => COMPRESSIONS[name] === number);
}
var LineReader = class {
  totals = { blocks: 0, rows: 0, bytes: 0 };
  #source;
  #name;
  #line = 0;
  /** What is wrong behind the rows that were given. */
  #wrong;
  constructor(source, name) {
    this.#source = source;
    this.#name = name;
  }
  async next() {
    if (this.#wrong !== void 0) throw this.#wrong;
    const rows = [];
    let size = 0;
    try {
      while (size < BLOCK_ROWS_BYTES) {
        const row = await this.#row();
        if (row === void 0) break;
        rows.push(row);
        size += row[0].length + row[1].length;
      }
    } catch (error) {
      if (rows.length === 0) throw error;
      this.#wrong = error;
    }
    this.totals.rows += rows.length;
    this.totals.bytes += size;
    return rows.length === 0 ? void 0 : rows;
  }
  async #row() {
    for (; ; ) {
      const taken = await this.#source.takeLine(LINE_BYTES_MAX);
      if (taken === void 0) return void 0;
      this.#line += 1;
      const text = taken.line.toString().trim();
      if (text === "") continue;
      try {
        return readRow(text);
      } catch (error) {
        if (!(error instanceof TextError)) throw error;
        const cut = taken.whole ? "" : ", and no line feed ends it: the file may have been cut off there";
        throw new Damaged(`${this.#name}: line ${count(this.#line)}: ${error.message}${cut}`);
      }
    }
  }
};

// cli/transfer/resume.ts
async function lengthOf(path2) {
  try {
    const { size } = await stat(path2);
    return size === 0 ? void 0 : size;
  } catch (error) {
    if (error.code === "ENOENT") return void 0;
    throw error;
  }
}
async function wholeBlocks(path2, range2, compression) {
  const source = new ByteSource(createReadStream(path2, { highWaterMark: 1 << 20 }));
  try {
    const reader = await BlockReader.open(source, path2);
    const { header } = reader;
    if (!header.begin.equals(range2.begin) || !header.end.equals(range2.end)) {
      const asked = `${printKey(header.begin)} to ${printKey(header.end)}`;
      throw new Failure(`${path2}: is an export of another range: from ${asked}`);
    }
    if (header.compression !== compression) {
      throw new Failure(`${path2}: was begun with --compress ${header.compression}`);
    }
    const ended = await readWhole(reader);
    const { crc, totals, lastKey, wholeBytes } = reader;
    return { header, bytes: wholeBytes, crc, totals, lastKey, ended };
  } finally {
    await source.end();
  }
}
async function readWhole(reader) {
  try {
    while (await reader.next() !== void 0) ;
    return true;
  } catch (error) {
    if (error instanceof Damaged) return false;
    throw error;
  }
}
var TAIL_BYTES = 1 << 16;
async function wholeLines(path2, length) {
  const file = await open2(path2, "r");
  try {
    let tail = Buffer.alloc(0);
    let from = length;
    for (; ; ) {
      const end = tail.lastIndexOf(10);
      const begin2 = end < 0 ? -1 : tail.lastIndexOf(10, end - 1);
      if (end >= 0 && (begin2 >= 0 || from === 0)) {
        return { bytes: from + end + 1, lastKey: keyOfLine(path2, tail.subarray(begin2 + 1, end)) };
      }
      if (from === 0) return { bytes: 0, lastKey: void 0 };
      const count2 = Math.min(TAIL_BYTES, from);
      const before = Buffer.alloc(count2);
      await file.read(before, 0, count2, from - count2);
      tail = Buffer.concat([before, tail]);
      from -= count2;
    }
  } finally {
    await file.close();
  }
}
function keyOfLine(path2, line2) {
  try {
    return readRow(line2.toString())[0];
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new Failure(`${path2}: its last line is no row: ${error.message}`);
  }
}

// cli/transfer/sink.ts
import { open as open3 } from "node:fs/promises";
function stdoutSink(context) {
  return { write: (bytes2) => write(context, bytes2), finish: async () => {
  }, close: async () => {
  } };
}
async function newFileSink(path2, overwrite) {
  try {
    return new FileSink(await open3(path2, overwrite ? "w" : "wx"), 0);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    throw new Failure(`${path2}: is there already; go on with it by --resume, or write it anew by --overwrite`);
  }
}
async function oldFileSink(path2, length) {
  const file = await open3(path2, "r+");
  try {
    await file.truncate(length);
    return new FileSink(file, length);
  } catch (error) {
    await file.close();
    throw error;
  }
}
var FileSink = class {
  #file;
  #at;
  constructor(file, at) {
    this.#file = file;
    this.#at = at;
  }
  async write(bytes2) {
    let done = 0;
    while (done < bytes2.length) {
      const { bytesWritten } = await this.#file.write(bytes2, done, bytes2.length - done, this.#at + done);
      done += bytesWritten;
    }
    this.#at += done;
  }
  async finish() {
    await this.#file.sync();
  }
  async close() {
    await this.#file.close();
  }
};

// cli/transfer/writer.ts
var BlockWriter = class {
  totals;
  #header;
  #compress;
  #room = Buffer.allocUnsafeSlow(BLOCK_ROWS_BYTES);
  #length = 0;
  #rows = 0;
  #crc;
  constructor(header, after) {
    this.#header = header;
    this.#compress = compressor(header.compression);
    this.#crc = after?.crc ?? 0;
    this.totals = after === void 0 ? { blocks: 0, rows: 0, bytes: 0 } : { ...after.totals };
  }
  begin() {
    const { bytes: bytes2, crc } = encodeHeader(this.#header);
    this.#crc = crc;
    return bytes2;
  }
  add(key, value) {
    const after = this.#length + rowBytes(key, value);
    if (after > this.#room.length) this.#grow(after);
    this.#length = writeRow(this.#room, this.#length, key, value);
    this.#rows += 1;
    this.totals.bytes += key.length + value.length;
    return this.#length >= BLOCK_ROWS_BYTES;
  }
  #grow(least) {
    const room = Buffer.allocUnsafeSlow(Math.max(least, 2 * this.#room.length));
    this.#room.copy(room, 0, 0, this.#length);
    this.#room = room;
  }
  async flush() {
    if (this.#rows === 0) return Buffer.alloc(0);
    const stored = await this.#compress(this.#room.subarray(0, this.#length));
    const { bytes: bytes2, crc } = encodeBlock(stored, this.#length, this.#rows, this.#crc);
    this.#crc = crc;
    this.totals.blocks += 1;
    this.totals.rows += this.#rows;
    this.#length = 0;
    this.#rows = 0;
    return bytes2;
  }
  end() {
    return encodeEnd(this.totals, this.#crc).bytes;
  }
};
var LineWriter = class {
  totals = { blocks: 0, rows: 0, bytes: 0 };
  #forms;
  #lines = "";
  constructor(forms) {
    this.#forms = forms;
  }
  begin() {
    return Buffer.alloc(0);
  }
  add(key, value) {
    this.#lines += `${printRow(key, value, this.#forms)}
`;
    this.totals.rows += 1;
    this.totals.bytes += key.length + value.length;
    return this.#lines.length >= BLOCK_ROWS_BYTES;
  }
  async flush() {
    const bytes2 = Buffer.from(this.#lines);
    this.#lines = "";
    return bytes2;
  }
  end() {
    return Buffer.alloc(0);
  }
};

// cli/transfer/export.ts
async function exportRows(context, db, plan) {
  const begun = await begin(context, plan);
  if (begun === void 0) return;
  const { writer, sink } = begun;
  const progress = new Progress(context, "exporting", await estimate(context, db, plan.range), plan.quiet);
  await progress.begin();
  try {
    progress.at({ rows: writer.totals.rows, done: writer.totals.bytes });
    await copy(context, db, plan, begun, progress);
    await sink.finish();
    const { rows, bytes: size } = writer.totals;
    const where = plan.file === "-" ? "" : ` to ${plan.file}`;
    progress.end(`exported ${plural(rows, "row")} (${bytes(size)})${where} in ${progress.pace(rows)}`);
  } catch (error) {
    progress.end();
    throw explained(context, error, plan);
  } finally {
    await sink.close();
  }
}
async function begin(context, plan) {
  if (plan.file !== "-" && plan.resume) {
    const length = await lengthOf(plan.file);
    if (length !== void 0) return plan.format === "found" ? goOnBlocks(context, plan) : goOnLines(plan, length);
  }
  const { compression, forms, range: range2 } = plan;
  const writer = plan.format === "found" ? new BlockWriter({ compression, id: newId(), begin: range2.begin, end: range2.end }, void 0) : new LineWriter(forms);
  const overwrite = plan.overwrite || plan.resume;
  const sink = plan.file === "-" ? stdoutSink(context) : await newFileSink(plan.file, overwrite);
  await sink.write(writer.begin());
  return { sink, writer, after: void 0 };
}
async function goOnBlocks(context, plan) {
  const whole = await wholeBlocks(plan.file, plan.range, plan.compression);
  if (whole.ended) {
    new Progress(context, "", 0, plan.quiet).end(`${plan.file} is whole already: ${plural(whole.totals.rows, "row")}`);
    return void 0;
  }
  const sink = await oldFileSink(plan.file, whole.bytes);
  return { sink, writer: new BlockWriter(whole.header, whole), after: whole.lastKey };
}
async function goOnLines(plan, length) {
  const { bytes: whole, lastKey } = await wholeLines(plan.file, length);
  const { begin: begin2, end } = plan.range;
  if (lastKey !== void 0 && (lastKey.compare(begin2) < 0 || lastKey.compare(end) >= 0)) {
    throw new Failure(`${plan.file}: is an export of another range`);
  }
  return { sink: await oldFileSink(plan.file, whole), writer: new LineWriter(plan.forms), after: lastKey };
}
function estimate(context, db, { begin: begin2, end }) {
  const options = { snapshot: true, signal: context.signal };
  return transactional2(db, (tx) => estimatedSizeBytes2(tx, begin2, end), options);
}
async function copy(context, db, plan, begun, progress) {
  const { writer, sink } = begun;
  for await (const [key, value] of rowsOf(context, db, plan, begun.after)) {
    if (!writer.add(key, value)) continue;
    await sink.write(await writer.flush());
    progress.at({ rows: writer.totals.rows, done: writer.totals.bytes });
  }
  await sink.write(await writer.flush());
  await sink.write(writer.end());
}
async function* rowsOf(context, db, plan, after) {
  const { begin: begin2, end } = plan.range;
  const { signal } = context;
  if (!plan.snapshot) {
    yield* scan(db, begin2, end, { signal, ...after === void 0 ? {} : { after } });
    return;
  }
  const tx = await transaction(db, { snapshot: true, signal });
  try {
    yield* query(tx, begin2, end, { mode: STREAMING_MODE_WANT_ALL });
  } finally {
    await tx[Symbol.asyncDispose]();
  }
}
var TRANSACTION_TOO_OLD = 1007;
function explained(context, error, plan) {
  const resumable = plan.file !== "-" && !plan.snapshot;
  if (context.signal.aborted && resumable) {
    return new Failure(`interrupted; ${plan.file} is not whole: go on with --resume`, new Interrupted().exitCode);
  }
  if (plan.snapshot && error.errno === TRANSACTION_TOO_OLD) {
    return new Failure(`--snapshot: one moment can be read for five seconds, and that was not enough; ${plan.file} is not whole`);
  }
  return error;
}

// cli/commands/export.ts
function exportCommand(context) {
  const command = addForms(addRange(databaseCommand("export", "write keys and values into a file"))).argument("<FILE>", "the file, or - for the standard output").addOption(
    new Option("--format <format>", "blocks with checksums, or lines of JSON (left out: by the name .jsonl)").choices([
      "found",
      "jsonl"
    ])
  ).addOption(
    new Option("--compress <how>", "compress the blocks").choices(Object.keys(COMPRESSIONS)).default("none")
  ).option("--resume", "go on with a file that an export has begun").option("--overwrite", "write FILE anew if it is there").option("--snapshot", "all of one moment, which must be read within five seconds").option("--quiet", "say nothing while it goes well").action((target, file, options) => run2(context, target, file, options));
  command.addHelpText(
    "after",
    "\nA long export is read in many transactions, and so is not of one moment: what is written meanwhile may be in it\nor not. --keys and --values are the forms in lines of JSON."
  );
  return examples(command, [
    "found export file:app.db app.found",
    `found export file:app.db users.jsonl --prefix "('user',)"`,
    "found export /etc/foundationdb/fdb.cluster app.found --compress deflate --resume",
    "found export file:app.db - | found import file:copy.db -"
  ]);
}
async function run2(context, target, file, options) {
  const { resume = false, overwrite = false, snapshot = false, quiet = false, timeout } = options;
  const format = options.format ?? (file.endsWith(".jsonl") ? "jsonl" : "found");
  if (format === "jsonl" && options.compress !== "none") throw new UsageError("--compress: not with lines of JSON");
  if (file === "-" && resume) throw new UsageError("--resume: not with the standard output");
  if (resume && (overwrite || snapshot)) throw new UsageError("--resume: not together with --overwrite or --snapshot");
  compressor(options.compress);
  const range2 = rangeOf(options);
  const forms = formsOf(options);
  await withDatabase(
    context,
    target,
    { create: false, timeout },
    (db) => exportRows(context, db, { range: range2, file, format, compression: options.compress, forms, resume, overwrite, snapshot, quiet })
  );
  if (!isEmbedded(target) && !snapshot && !quiet) {
    say(context, "what others wrote meanwhile may be in it or not: the rows are not all of one moment");
  }
}

// cli/commands/get.ts
import { get, transactional as transactional3 } from "../index.js";
function getCommand(context) {
  const command = addForms(databaseCommand("get", "print the value of a key, or of several with the keys before them")).argument("<KEY...>", `keys, such as hello or "('user', 42)"`).option("--json", "a line of JSON for each key, its value null if there is none").option("--raw", "the bytes of the one value, nothing else").action((target, keys, options) => run3(context, target, keys, options));
  return examples(command, [
    "found get file:app.db hello",
    `found get file:app.db "('user', 42, 'name')"`,
    "found get file:app.db counter --values int",
    "found get file:app.db picture --raw > picture.png"
  ]);
}
async function run3(context, target, texts, options) {
  const forms = formsOf(options);
  const keys = texts.map((text) => keyOf(text, forms.key));
  if (options.raw && (keys.length !== 1 || options.json)) throw new UsageError("--raw: prints one value, and no JSON");
  const { timeout } = options;
  const values = await withDatabase(
    context,
    target,
    { create: false, timeout },
    (db) => transactional3(db, (tx) => Promise.all(keys.map((key) => get(tx, key))), { snapshot: true, signal: context.signal })
  );
  for (const [index, value] of values.entries()) {
    const key = keys[index];
    if (options.json) await writeLine(context, value ? printRow(key, value, forms) : absentRow(key, forms.key));
    else if (value !== void 0 && options.raw) await write(context, value);
    else if (value !== void 0) await writeLine(context, line(key, value, forms, keys.length > 1));
  }
  const absent = texts.filter((_, index) => values[index] === void 0);
  if (absent.length > 0) throw new Answer(`not found: ${absent.join(", ")}`, EXIT.ABSENT);
}
function line(key, value, forms, several) {
  const shown2 = show(value, forms.value, "value");
  return several ? `${show(key, forms.key, "key")} = ${shown2}` : shown2;
}
function absentRow(key, form) {
  return JSON.stringify({ ...JSON.parse(printRow(key, void 0, { key: form, value: form })), value: null });
}

// cli/transfer/import.ts
import { FoundError as FoundError2, set as set2, transactional as transactional5 } from "../index.js";

// cli/transfer/marker.ts
import { createHash } from "node:crypto";
import { clear as clear2, get as get2, pack as pack2, set, transactional as transactional4, unpack as unpack2 } from "../index.js";
var KNOWN_BY_BYTES = 1 << 16;
var Marker = class _Marker {
  #key;
  constructor(id) {
    this.#key = pack2(["found", "import", id]);
  }
  /** The marker for what a reader reads; none of it must have been read yet, but the header. */
  static async of(reader, source) {
    if (reader instanceof BlockReader) return new _Marker(reader.header.id.bytes);
    return new _Marker(createHash("sha256").update(await source.peek(KNOWN_BY_BYTES)).digest());
  }
  /** What an import of the same export has done, if one was begun and not ended. */
  async read(db, signal) {
    const value = await transactional4(db, (tx) => get2(tx, this.#key), { signal });
    if (value === void 0) return void 0;
    const [batches, rows] = unpack2(value);
    return { batches: Number(batches), rows: Number(rows) };
  }
  set(tx, { batches, rows }) {
    set(tx, this.#key, pack2([batches, rows]));
  }
  clear(tx) {
    clear2(tx, this.#key);
  }
};

// cli/transfer/source.ts
import { createReadStream as createReadStream2 } from "node:fs";
import { stat as stat2 } from "node:fs/promises";
var READ_BYTES = 1 << 20;
var STDIN = "standard input";
async function openInput(context, path2) {
  if (path2 === "-") return { source: new ByteSource(context.stdin), name: STDIN, length: 0 };
  const { size } = await stat2(path2);
  return { source: new ByteSource(createReadStream2(path2, { highWaterMark: READ_BYTES })), name: path2, length: size };
}
async function openReader({ source, name }) {
  const empty = (await source.peek(1)).length === 0;
  if (empty && name !== STDIN && !name.endsWith(".jsonl")) throw new Damaged(`${name}: is empty`);
  return await isBlocks(source) ? BlockReader.open(source, name) : new LineReader(source, name);
}

// cli/transfer/import.ts
async function importRows(context, db, input, plan) {
  const reader = await openReader(input);
  const marker = await Marker.of(reader, input.source);
  const done = await marker.read(db, context.signal);
  if (done !== void 0 && !plan.resume && !plan.quiet) {
    say(context, `an earlier import of this stopped after ${plural(done.rows, "row")}; --resume goes on from there`);
  }
  const progress = new Progress(context, "importing", input.length, plan.quiet);
  await progress.begin();
  const work2 = new Import(context, db, reader, marker, done);
  try {
    await work2.run(plan.resume ? done?.batches ?? 0 : 0, () => {
      progress.at({ rows: work2.rows, done: input.source.at });
    });
  } catch (error) {
    progress.end();
    throw explained2(context, error, work2.rows);
  } finally {
    await input.source.end();
  }
  const skipped = work2.skipped > 0 ? `, ${count(work2.skipped)} of them before` : "";
  const { totals } = reader;
  progress.end(`imported ${plural(totals.rows, "row")} (${bytes(totals.bytes)})${skipped} in ${progress.pace(totals.rows)}`);
}
function explained2(context, error, rows) {
  if (context.signal.aborted) {
    return new Failure(`interrupted after ${plural(rows, "row")}: go on with --resume`, new Interrupted().exitCode);
  }
  if (error instanceof Failure) return new Failure(`${error.message}; imported before it: ${plural(rows, "row")}`, error.exitCode);
  if (error instanceof FoundError2) {
    const message = `${error.message}; imported before it: ${plural(rows, "row")}`;
    return new Failure(message, void 0, { cause: error });
  }
  return error;
}
var Import = class {
  /** How many rows are in the database. */
  rows = 0;
  /** How many of them were there before. */
  skipped = 0;
  #batches = 0;
  #context;
  #db;
  #reader;
  #marker;
  /** Whether the marker is, or may be, in the database. */
  #marked;
  constructor(context, db, reader, marker, done) {
    this.#context = context;
    this.#db = db;
    this.#reader = reader;
    this.#marker = marker;
    this.#marked = done !== void 0;
  }
  /** Imports all but the first `skip` batches; `tell` is called before the first of the others, and after each. */
  async run(skip, tell) {
    if (skip === 0) tell();
    let current = await this.#ahead();
    let following = this.#ahead();
    while ("rows" in current && current.rows !== void 0) {
      const next = await following;
      const last = "rows" in next && next.rows === void 0;
      following = "rows" in next && !last ? this.#ahead() : following;
      if (this.#batches < skip) this.#skip(current.rows);
      else await this.#commit(current.rows, last);
      if (this.#batches >= skip) tell();
      current = next;
    }
    if ("error" in current) throw current.error;
    if (this.#marked) await this.#run((tx) => this.#marker.clear(tx));
  }
  async #ahead() {
    try {
      return { rows: await this.#reader.next() };
    } catch (error) {
      return { error };
    }
  }
  #skip(rows) {
    this.#batches += 1;
    this.rows += rows.length;
    this.skipped = this.rows;
  }
  async #commit(rows, last) {
    const done = { batches: this.#batches + 1, rows: this.rows + rows.length };
    const marked = this.#marked;
    if (!last) this.#marked = true;
    await this.#run((tx) => {
      for (const [key, value] of rows) set2(tx, key, value);
      if (!last) this.#marker.set(tx, done);
      else if (marked) this.#marker.clear(tx);
    });
    if (last) this.#marked = false;
    this.#batches = done.batches;
    this.rows = done.rows;
  }
  async #run(body) {
    await transactional5(this.#db, body, { signal: this.#context.signal });
  }
};

// cli/commands/import.ts
function importCommand(context) {
  const command = databaseCommand("import", "set the keys and values of an export, over what is there").argument("<FILE>", "an export, or lines of JSON; - for the standard input").option("--resume", "go on where an earlier import of the same export has stopped").option("--quiet", "say nothing while it goes well").action((target, file, options) => run4(context, target, file, options));
  command.addHelpText(
    "after",
    "\nRows are set in transactions of half a megabyte. What is damaged is refused, with the place; what stands before\nit is imported. Keys that the export does not have stay as they are."
  );
  return examples(command, [
    "found import file:copy.db app.found",
    "found import /etc/foundationdb/fdb.cluster app.found --resume",
    `echo '{"key": "hello", "value": "world"}' | found import file:app.db -`
  ]);
}
async function run4(context, target, file, options) {
  const { resume = false, quiet = false, timeout } = options;
  const input = await openInput(context, file);
  await withDatabase(context, target, { create: true, timeout }, (db) => importRows(context, db, input, { resume, quiet }));
}

// cli/commands/measure.ts
import { estimatedSizeBytes as estimatedSizeBytes3, scan as scan2, transactional as transactional6 } from "../index.js";
function countCommand(context) {
  const command = addKeyForm(addRange(databaseCommand("count", "count the keys of a range by reading them"))).option("--json", 'as JSON: {"keys": N, "bytes": N}, the bytes those of keys and values').action((target, options) => runCount(context, target, options));
  command.addHelpText("after", "\nA long range is read in many transactions, and so is not of one moment.");
  return examples(command, ["found count file:app.db", `found count file:app.db --prefix "('user',)"`]);
}
function sizeCommand(context) {
  const command = addKeyForm(addRange(databaseCommand("size", "print the bytes of the keys and values of a range"))).option("--exact", "by reading them all, instead of an estimate, which may be 0 for little data").option("--json", 'as JSON: {"bytes": N}').action((target, options) => runSize(context, target, options));
  return examples(command, ["found size file:app.db", `found size file:app.db --prefix "('user',)" --exact`]);
}
async function runCount(context, target, options) {
  const { keys, bytes: bytes2 } = await measure(context, target, options);
  await writeLine(context, options.json ? JSON.stringify({ keys, bytes: bytes2 }) : String(keys));
}
async function runSize(context, target, options) {
  const bytes2 = options.exact ? (await measure(context, target, options)).bytes : await estimate2(context, target, options);
  await writeLine(context, options.json ? JSON.stringify({ bytes: bytes2 }) : String(bytes2));
}
async function estimate2(context, target, options) {
  const { begin: begin2, end } = rangeOf(options);
  return withDatabase(
    context,
    target,
    { create: false, timeout: options.timeout },
    (db) => transactional6(db, (tx) => estimatedSizeBytes3(tx, begin2, end), { snapshot: true, signal: context.signal })
  );
}
async function measure(context, target, options) {
  const { begin: begin2, end } = rangeOf(options);
  return withDatabase(context, target, { create: false, timeout: options.timeout }, async (db) => {
    let [keys, bytes2] = [0, 0];
    for await (const [key, value] of scan2(db, begin2, end, { signal: context.signal })) {
      keys += 1;
      bytes2 += key.length + value.length;
    }
    return { keys, bytes: bytes2 };
  });
}

// cli/commands/range.ts
import { scan as scan3 } from "../index.js";
var PIECE = 1 << 16;
function rangeCommand(context) {
  const command = addForms(addRange(databaseCommand("range", "print the keys and values of a range"))).addOption(new Option("--limit <rows>", "at most so many; 0 is no limit").argParser(wholeNumber).default(0)).option("--reverse", "from the last key to the first").option("--keys-only", "without the values").option("--json", "a line of JSON for each row, which found import takes").action((target, options) => run5(context, target, options));
  command.addHelpText("after", "\nA long range is read in many transactions, and so is not of one moment.");
  return examples(command, [
    "found range file:app.db --limit 10",
    `found range file:app.db --prefix "('user',)" --keys-only`,
    `found range file:app.db --prefix "('user', 'A'...)" --json`,
    "found range file:app.db --begin a --end b --reverse"
  ]);
}
async function run5(context, target, options) {
  const { begin: begin2, end } = rangeOf(options);
  const { limit, reverse = false, timeout } = options;
  const line2 = rowPrinter(context, options);
  await withDatabase(context, target, { create: false, timeout }, async (db) => {
    let lines = "";
    for await (const [key, value] of scan3(db, begin2, end, { limit, reverse, signal: context.signal })) {
      lines += `${line2(key, value)}
`;
      if (lines.length < PIECE) continue;
      await write(context, lines);
      lines = "";
    }
    await write(context, lines);
  });
}
function rowPrinter(context, options) {
  const { colours } = context;
  const forms = formsOf(options);
  if (options.json) return (key, value) => printRow(key, options.keysOnly ? void 0 : value, forms);
  const keyText = (key) => colours.cyan(show(key, forms.key, "key"));
  if (options.keysOnly) return keyText;
  return (key, value) => `${keyText(key)} ${colours.dim("=")} ${show(value, forms.value, "value")}`;
}

// cli/commands/set.ts
import { readFile } from "node:fs/promises";
import { set as set3, transactional as transactional7 } from "../index.js";
function setCommand(context) {
  const command = addForms(databaseCommand("set", "set a key to a value")).argument("<KEY>", `a key, such as hello or "('user', 42)"`).argument("[VALUE]", "its value").option("--from <file>", "the value is the bytes of this file, or of the standard input for -").action(
    (target, key, value, options) => run6(context, target, key, value, options)
  );
  return examples(command, [
    "found set file:app.db hello world",
    `found set file:app.db "('user', 42, 'name')" Ada`,
    "found set file:app.db counter 5 --values int",
    "found set file:app.db picture --from picture.png"
  ]);
}
async function run6(context, target, text, given, options) {
  const { from, timeout } = options;
  const key = keyOf(text, options.keys);
  if (given === void 0 === (from === void 0)) throw new UsageError("VALUE: expected a value, or --from FILE");
  const value = given !== void 0 ? named("VALUE", () => read(given, options.values)) : await bytesFrom(context, from);
  await withDatabase(
    context,
    target,
    { create: true, timeout },
    (db) => transactional7(db, (tx) => set3(tx, key, value), { signal: context.signal })
  );
}
function bytesFrom(context, path2) {
  return path2 === "-" ? readStdin(context) : readFile(path2);
}

// cli/commands/shell.ts
import { existsSync as existsSync2 } from "node:fs";

// cli/shell/interactive.ts
import { createInterface as createInterface2 } from "node:readline";

// cli/shell/options.ts
import { setOption } from "../index.js";
var OPTIONS = {
  access_system_keys: "nothing",
  authorization_token: "bytes or nothing",
  auto_throttle_tag: "bytes",
  automatic_idempotency: "nothing",
  bypass_storage_quota: "nothing",
  bypass_unreadable: "nothing",
  causal_read_disable: "nothing",
  causal_read_risky: "nothing",
  causal_write_risky: "nothing",
  check_writes_enable: "nothing",
  commit_on_first_proxy: "nothing",
  debug_dump: "nothing",
  debug_retry_logging: "bytes",
  debug_transaction_identifier: "bytes",
  durability_datacenter: "nothing",
  durability_dev_null_is_web_scale: "nothing",
  durability_risky: "nothing",
  expensive_clear_cost_estimation_enable: "nothing",
  first_in_batch: "nothing",
  idempotency_id: "bytes",
  include_port_in_address: "nothing",
  initialize_new_database: "nothing",
  lock_aware: "nothing",
  log_transaction: "nothing",
  max_retry_delay: "number",
  next_write_no_write_conflict_range: "nothing",
  priority_batch: "nothing",
  priority_system_immediate: "nothing",
  raw_access: "nothing",
  read_ahead_disable: "nothing",
  read_lock_aware: "nothing",
  read_priority_high: "nothing",
  read_priority_low: "nothing",
  read_priority_normal: "nothing",
  read_server_side_cache_disable: "nothing",
  read_server_side_cache_enable: "nothing",
  read_system_keys: "nothing",
  read_your_writes_disable: "nothing",
  report_conflicting_keys: "nothing",
  retry_limit: "number",
  server_request_tracing: "nothing",
  size_limit: "number",
  skip_grv_cache: "nothing",
  snapshot_ryw_disable: "nothing",
  snapshot_ryw_enable: "nothing",
  span_parent: "bytes",
  special_key_space_enable_writes: "nothing",
  special_key_space_relaxed: "nothing",
  tag: "bytes",
  timeout: "number",
  transaction_logging_enable: "bytes",
  transaction_logging_max_field_length: "number",
  use_grv_cache: "nothing",
  use_provisional_proxies: "nothing",
  used_during_commit_protection_disable: "nothing"
};
function optionName(word) {
  if (!Object.hasOwn(OPTIONS, word)) throw new UsageError(`there is no option ${word}; help options lists them`);
  return word;
}
function optionValue(name, word) {
  const argument = OPTIONS[name];
  if (word === void 0) {
    if (argument.endsWith("nothing")) return void 0;
    throw new UsageError(`option ${name}: takes a ${argument === "number" ? "number" : "value"}`);
  }
  if (argument === "nothing") throw new UsageError(`option ${name}: takes no value`);
  if (argument !== "number") return named(`option ${name}`, () => read(word, "text"));
  if (!/^-?[0-9]{1,15}$/.test(word)) throw new UsageError(`option ${name}: takes a whole number`);
  return Number(word);
}
function applyOption(tx, name, value) {
  try {
    ;
    setOption(tx, name, ...value === void 0 ? [] : [value]);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new Failure(`option ${name}: ${error.message}`);
    throw error;
  }
}

// cli/shell/commands/help.ts
var KEYS_TOPIC = `
Keys and values are text in the manner of fdbcli, or tuples.

  hello                  text stands for its UTF-8
  \\x00\\xff               any byte, by two hexadecimal digits; \\\\ is a backslash
  "hello world"          quotes, double or single, keep a word together
  ('user', 42)           a tuple, as other programs pack it

Items of tuples:

  null, true, false
  42, -7                 integers of any size
  1.5, 2.0, 1e100        64-bit floats: with a point or an exponent; inf, -inf, nan
  'text'                 in single or double quotes, with \\n, \\t, \\', \\xNN, \\u{NNNN}
  b'\\x00\\xff'            bytes
  ('a', (1, 2))          tuples within tuples; ('a',) or ('a') has one item, () none
  uuid('0741c7a8-7ce4-2c82-1807-2e8c35bf992d')
  versionstamp('000000000000000000010000')
  float(1.5)             a 32-bit float

Where a command takes the keys that begin with something, a tuple stands for itself and all longer ones, and its last
text can go on: ('user', 'A'...) are the users whose name begins with A.`;
var TOPICS = ["keys", "options"];
function helpCommand(commands) {
  return {
    name: "help",
    usage: "[COMMAND|keys|options]",
    summary: "print what there is, or more of one thing",
    count: [0, 1],
    kinds: ["topic"],
    async run(_session, [topic], printer) {
      for (const line2 of helpOf(commands(), topic)) await printer.line(line2);
    }
  };
}
function helpOf(commands, topic) {
  if (topic === void 0) return overview(commands);
  if (topic === "keys") return [...KEYS_TOPIC.split("\n"), ""];
  if (topic === "options") return ["", "Options of transactions, for the command option:", "", ...optionLines(), ""];
  const command = commands.find(({ name }) => name === topic);
  if (command === void 0) throw new UsageError(`no help for ${topic}; help lists the commands`);
  return helpOfCommand(command);
}
function overview(commands) {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  const more = "help COMMAND tells more of one; help keys, how keys and values are written; help options, all options.";
  return ["", ...lines, "", more, ""];
}
function helpOfCommand({ name, usage, summary, details, examples: examples2 }) {
  const lines = ["", `${name} ${usage}`.trim(), "", `${summary[0]?.toUpperCase()}${summary.slice(1)}.`];
  if (details !== void 0) lines.push(...details.split("\n"));
  if (examples2 !== void 0) lines.push("", ...examples2.map((example) => `  ${example}`));
  return [...lines, ""];
}
function optionLines() {
  const shown2 = { nothing: "", number: " NUMBER", bytes: " VALUE", "bytes or nothing": " [VALUE]" };
  return Object.entries(OPTIONS).map(([name, argument]) => `  ${name}${shown2[argument]}`);
}

// cli/shell/commands/about.ts
import { estimatedSizeBytes as estimatedSizeBytes4, get as get4, query as query3, scan as scan4, watchLoop } from "../index.js";

// cli/shell/status.ts
function summaryOf(target, status) {
  const { client, cluster } = status;
  const processes = Object.values(cluster?.processes ?? {});
  const versions = [...new Set(processes.map(({ version: version2 }) => version2))].join(", ");
  const { committed, conflicted } = cluster?.workload?.transactions ?? {};
  const size = cluster?.data?.total_kv_size_bytes;
  const facts = [
    ["database", target],
    ["available", yesOrNo(client?.database_status?.available)],
    ["healthy", yesOrNo(client?.database_status?.healthy)],
    ["recovery", cluster?.recovery_state?.name],
    ["data", cluster?.data?.state?.name],
    ["size", size === void 0 ? void 0 : bytes(size)],
    ["redundancy", cluster?.configuration?.redundancy_mode],
    ["storage", cluster?.configuration?.storage_engine],
    ["processes", processes.length === 0 ? void 0 : `${processes.length}, version ${versions}`],
    ["commits", committed?.hz === void 0 ? void 0 : `${count(Math.round(committed.hz))} a second`],
    ["conflicts", conflicted?.hz === void 0 ? void 0 : `${count(Math.round(conflicted.hz))} a second`],
    ["locked", cluster?.database_lock_state?.locked ? "yes" : void 0],
    ...(cluster?.messages ?? []).map(({ description }) => ["message", description])
  ];
  const known2 = facts.filter((fact) => fact[1] !== void 0);
  const width = Math.max(...known2.map(([name]) => name.length));
  return known2.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}
function yesOrNo(value) {
  if (value === void 0) return void 0;
  return value ? "yes" : "no";
}

// cli/shell/commands/data.ts
import { clear as clear3, get as get3, getKey, gt, gte, lt, lte, query as query2, set as set4 } from "../index.js";
var LIMIT = 25;
function keyOf2(word, name) {
  return named(name, () => parseBytes(word));
}
function rangeOf2(begin2, end) {
  if (end === void 0 || end === "*") return named("BEGIN", () => parsePrefix(begin2));
  return { begin: keyOf2(begin2, "BEGIN"), end: keyOf2(end, "END") };
}
var getCommand2 = {
  name: "get",
  usage: "KEY [FORM]",
  summary: "print the value of a key",
  details: `FORM is how to show it: ${FORMS.join(", ")}; text if left out.`,
  examples: ["get hello", "get ('user', 42, 'name')", "get counter int"],
  count: [1, 2],
  kinds: ["key", FORMS],
  async run(session, [word, form = "text"], printer) {
    if (!FORMS.includes(form)) throw new UsageError(`FORM: expected ${FORMS.join(", ")}`);
    const key = keyOf2(word, "KEY");
    await printer.value(await session.read((tx) => get3(tx, key)), form);
  }
};
var SELECTORS = { lt, lte, gt, gte };
var getKeyCommand = {
  name: "getkey",
  usage: "lt|lte|gt|gte KEY [OFFSET]",
  summary: "print the key that a key selector comes to",
  details: [
    "lt is the last key less than KEY, lte the last one not greater, gt the first one greater, gte the first one not",
    "less. OFFSET moves on from there, to the right, or to the left if it is negative. An empty key is left of the",
    "first one, \\xff right of the last."
  ].join("\n"),
  examples: ["getkey gte ('user',)", "getkey lt hello -1"],
  count: [2, 3],
  kinds: [Object.keys(SELECTORS), "key", "number"],
  async run(session, [name = "", word, moved = "0"], printer) {
    if (!Object.hasOwn(SELECTORS, name)) throw new UsageError("expected lt, lte, gt or gte before the key");
    const key = keyOf2(word, "KEY");
    if (!/^[+-]?[0-9]{1,9}$/.test(moved)) throw new UsageError("OFFSET: expected a whole number");
    const first = name.startsWith("g") ? 1 : 0;
    const selector = SELECTORS[name](key, first + Number(moved));
    await printer.key(await session.read((tx) => getKey(tx, selector)));
  }
};
async function readRange(session, words) {
  const [begin2 = "", end, limitWord = String(LIMIT), direction] = words;
  if (!/^[0-9]{1,9}$/.test(limitWord)) throw new UsageError("LIMIT: expected a whole number");
  if (direction !== void 0 && direction !== "reverse") throw new UsageError("expected nothing or the word reverse");
  const range2 = rangeOf2(begin2, end);
  const limit = Number(limitWord);
  if (limit === 0) return { rows: [], limit, more: false };
  const rows = await session.read(async (tx) => {
    const read2 = [];
    const options = { limit: limit + 1, reverse: direction === "reverse", signal: session.signal };
    for await (const row of query2(tx, range2.begin, range2.end, options)) read2.push(row);
    return read2;
  });
  return { rows: rows.slice(0, limit), limit, more: rows.length > limit };
}
function rangeCommand2(name, what, print) {
  return {
    name,
    usage: "BEGIN [END] [LIMIT] [reverse]",
    summary: `print ${what} from BEGIN up to END, which is not among them`,
    details: [
      "Without END, or with * for it, those that begin with BEGIN: of a tuple, itself and all longer ones. LIMIT is",
      `${LIMIT} if left out.`
    ].join("\n"),
    examples: [`${name} ('user',)`, `${name} ('user', 'A'...)`, `${name} a z 100`, `${name} "" * 5 reverse`],
    count: [1, 4],
    kinds: ["key", "key", "number", ["reverse"]],
    async run(session, words, printer) {
      const { rows, limit, more } = await readRange(session, words);
      for (const row of rows) await print(printer, row);
      if (more) await printer.note(`limited to ${limit}, there are more`);
      else if (rows.length === 0) await printer.note("no keys");
    }
  };
}
var setCommand2 = {
  name: "set",
  usage: "KEY VALUE",
  summary: "set a key to a value",
  details: "A value that begins with a parenthesis is a tuple too; in quotes it is text.",
  examples: ["set hello world", `set ('user', 42) '{"name": "Ada"}'`, "set number \\x2a\\x00\\x00\\x00"],
  count: [2, 2],
  kinds: ["key", "value"],
  async run(session, words, printer) {
    const key = keyOf2(words[0], "KEY");
    const value = keyOf2(words[1], "VALUE");
    await printer.committed(await session.write((tx) => set4(tx, key, value)));
  }
};
var clearCommand2 = {
  name: "clear",
  usage: "KEY",
  summary: "clear a key; one that is not there is no error",
  examples: ["clear hello", "clear ('user', 42)"],
  count: [1, 1],
  kinds: ["key"],
  async run(session, words, printer) {
    const key = keyOf2(words[0], "KEY");
    await printer.committed(await session.write((tx) => clear3(tx, key)));
  }
};
var clearRangeCommand = {
  name: "clearrange",
  usage: "BEGIN END",
  summary: "clear the keys from BEGIN up to END, which stays",
  details: "With * for END, those that begin with BEGIN.",
  examples: ["clearrange ('user', 42) *", "clearrange a b"],
  count: [2, 2],
  kinds: ["key", "key"],
  async run(session, words, printer) {
    const { begin: begin2, end } = rangeOf2(words[0], words[1]);
    await printer.committed(await session.write((tx) => clear3(tx, begin2, end)));
  }
};
var dataCommands = [
  getCommand2,
  getKeyCommand,
  rangeCommand2("getrange", "the keys and values", (printer, [key, value]) => printer.row(key, value)),
  rangeCommand2("getrangekeys", "the keys", (printer, [key]) => printer.key(key)),
  setCommand2,
  clearCommand2,
  clearRangeCommand
];

// cli/shell/commands/about.ts
var STATUS_KEY = Buffer.from("ÿÿ/status/json", "latin1");
var statusCommand = {
  name: "status",
  usage: "[json]",
  summary: "print how the database is",
  details: "With json, all that there is to know of it.",
  count: [0, 1],
  kinds: [["json"]],
  async run(session, [word], printer) {
    if (word !== void 0 && word !== "json") throw new UsageError("expected nothing or json");
    const text = await session.read((tx) => get4(tx, STATUS_KEY));
    const status = JSON.parse(String(text ?? "{}"));
    if (word === "json") return printer.line(JSON.stringify(status, null, 2));
    for (const line2 of summaryOf(session.target, status)) await printer.line(line2);
  }
};
function givenRange([begin2, end]) {
  return begin2 === void 0 ? { begin: Buffer.alloc(0), end: KEYS_END } : rangeOf2(begin2, end);
}
var sizeCommand2 = {
  name: "size",
  usage: "[BEGIN [END]]",
  summary: "print an estimate of the bytes of a range",
  details: "Of little data it may be 0. Without END, the keys that begin with BEGIN; without both, all keys.",
  examples: ["size", "size ('user',)"],
  count: [0, 2],
  kinds: ["key", "key"],
  async run(session, words, printer) {
    const range2 = givenRange(words);
    const size = await session.read((tx) => estimatedSizeBytes4(tx, range2.begin, range2.end));
    await printer.line(`about ${bytes(size)}`);
  }
};
var countCommand2 = {
  name: "count",
  usage: "[BEGIN [END]]",
  summary: "count the keys of a range by reading them",
  details: "Without END, the keys that begin with BEGIN; without both, all keys.",
  examples: ["count", "count ('user',)"],
  count: [0, 2],
  kinds: ["key", "key"],
  async run(session, words, printer) {
    await printer.line(String(await countKeys(session, givenRange(words))));
  }
};
async function countKeys(session, { begin: begin2, end }) {
  const { signal } = session;
  let keys = 0;
  if (session.inTransaction) {
    await session.read(async (tx) => {
      for await (const _ of query3(tx, begin2, end, { signal })) keys += 1;
    });
  } else for await (const _ of scan4(session.db, begin2, end, { signal })) keys += 1;
  return keys;
}
var watchCommand = {
  name: "watch",
  usage: "KEY [COUNT]",
  summary: "print the value of a key, and each new one, until Ctrl-C",
  details: "With COUNT, it ends after so many values. It sees what is committed, not what an open transaction has written.",
  examples: ["watch ('config',)"],
  count: [1, 2],
  kinds: ["key", "number"],
  async run(session, [word, limit], printer) {
    const key = keyOf2(word, "KEY");
    if (limit !== void 0 && !/^[1-9][0-9]{0,8}$/.test(limit)) throw new UsageError("COUNT: expected a whole number");
    let left = limit === void 0 ? Infinity : Number(limit);
    for await (const value of watchLoop(session.db, key, { signal: session.signal })) {
      await printer.value(value);
      left -= 1;
      if (left === 0) break;
    }
  }
};
var ends = ["exit", "quit"].map((name) => ({
  name,
  usage: "",
  summary: "end the shell",
  count: [0, 0],
  kinds: [],
  run(session) {
    session.ended = true;
  }
}));
var aboutCommands = [statusCommand, sizeCommand2, countCommand2, watchCommand, ...ends];

// cli/shell/commands/atomic.ts
import {
  add,
  appendIfFits,
  bitAnd,
  bitOr,
  bitXor,
  byteMax,
  byteMin,
  compareAndClear,
  hasIncompleteVersionstamp,
  max,
  min,
  packWithVersionstamp,
  setVersionstampedKey,
  setVersionstampedValue
} from "../index.js";
var NUMBER_DETAILS = [
  "NUMBER is an integer, taken as 8 little-endian bytes; 5/4 is one of four bytes. Bytes can be given in escapes as",
  "well, such as \\x05\\x00. `get KEY int` shows the number."
].join("\n");
function ofNumbers(name, summary, operation) {
  return operationCommand(
    name,
    "KEY NUMBER",
    summary,
    operation,
    NUMBER_DETAILS,
    [`${name} counter 1`],
    (word) => /^[+-]?[0-9]+(\/[0-9]+)?$/.test(word) ? readInteger(word) : parseBytes(word)
  );
}
function ofBytes(name, summary, operation, example) {
  return operationCommand(name, "KEY VALUE", summary, operation, void 0, [`${name} ${example}`], parseBytes);
}
function operationCommand(name, usage, summary, operation, details, examples2, read2) {
  return {
    name,
    usage,
    summary,
    details,
    examples: examples2,
    count: [2, 2],
    kinds: ["key", "value"],
    async run(session, [word, given], printer) {
      const key = keyOf2(word, "KEY");
      const param = named(usage.split(" ")[1], () => read2(given));
      await printer.committed(await session.write((tx) => operation(tx, key, param)));
    }
  };
}
function stamped(word, name) {
  return named(name, () => {
    if (!word.startsWith("(")) throw new UsageError(`${name}: expected a tuple with versionstamp() in it`);
    const { items, open: open4 } = parseTuple(word);
    if (open4 || !hasIncompleteVersionstamp(items)) throw new UsageError(`${name}: has no versionstamp() in it`);
    return packed(() => packWithVersionstamp(items));
  });
}
var STAMP_DETAILS = [
  "versionstamp() in the tuple stands for the commit to come; versionstamp(1) is a second one of the transaction,",
  "with the user version 1."
].join("\n");
var stampedKeyCommand = {
  name: "setversionstampedkey",
  usage: "KEY VALUE",
  summary: "set a key that has the commit's versionstamp in it",
  details: STAMP_DETAILS,
  examples: ["setversionstampedkey ('log', versionstamp()) started"],
  count: [2, 2],
  kinds: ["key", "value"],
  async run(session, [word, given], printer) {
    const key = stamped(word, "KEY");
    const value = keyOf2(given, "VALUE");
    await printer.committed(await session.write((tx) => setVersionstampedKey(tx, key, value)));
  }
};
var stampedValueCommand = {
  name: "setversionstampedvalue",
  usage: "KEY VALUE",
  summary: "set a key to a value that has the commit's versionstamp in it",
  details: STAMP_DETAILS,
  examples: ["setversionstampedvalue latest (versionstamp(),)"],
  count: [2, 2],
  kinds: ["key", "value"],
  async run(session, [word, given], printer) {
    const key = keyOf2(word, "KEY");
    const value = stamped(given, "VALUE");
    await printer.committed(await session.write((tx) => setVersionstampedValue(tx, key, value)));
  }
};
var atomicCommands = [
  ofNumbers("add", "add a number to a value", add),
  ofNumbers("bitand", "bitwise and", bitAnd),
  ofNumbers("bitor", "bitwise or", bitOr),
  ofNumbers("bitxor", "bitwise exclusive or", bitXor),
  ofNumbers("max", "the greater of value and number, as unsigned integers", max),
  ofNumbers("min", "the smaller of value and number, as unsigned integers", min),
  ofBytes("bytemax", "the greater of two values, compared byte by byte", byteMax, "latest 2026-11-29"),
  ofBytes("bytemin", "the smaller of two values, compared byte by byte", byteMin, "first 2026-11-29"),
  ofBytes("appendiffits", "append to a value, if it is then of a legal size", appendIfFits, "list ,next"),
  ofBytes("compareandclear", "clear a key if it has this value", compareAndClear, "lock mine"),
  stampedKeyCommand,
  stampedValueCommand
];

// cli/shell/commands/transactions.ts
import { readVersion } from "../index.js";
var beginCommand = {
  name: "begin",
  usage: "",
  summary: "open a transaction for the commands that follow, up to commit or rollback",
  details: [
    "Without it each command is a transaction of its own, which is tried again after a conflict. An open transaction is",
    "not: a command or a commit that fails rolls it back, and all of it is to be done again. It lasts five seconds."
  ].join("\n"),
  count: [0, 0],
  kinds: [],
  async run(session, _words, printer) {
    session.begin();
    await printer.note("transaction started");
  }
};
var commitCommand = {
  name: "commit",
  usage: "",
  summary: "commit the open transaction",
  count: [0, 0],
  kinds: [],
  async run(session, _words, printer) {
    await printer.committed(await session.commit());
  }
};
var resetCommand = {
  name: "reset",
  usage: "",
  summary: "drop what the open transaction has done, and begin it anew",
  count: [0, 0],
  kinds: [],
  async run(session, _words, printer) {
    session.reset();
    await printer.note("transaction reset");
  }
};
var rollbackCommand = {
  name: "rollback",
  usage: "",
  summary: "drop the open transaction",
  count: [0, 0],
  kinds: [],
  async run(session, _words, printer) {
    await session.rollback();
    await printer.note("transaction rolled back");
  }
};
var getVersionCommand = {
  name: "getversion",
  usage: "",
  summary: "print the read version, of the open transaction if there is one",
  count: [0, 0],
  kinds: [],
  async run(session, _words, printer) {
    await printer.line(String(await session.read((tx) => readVersion(tx))));
  }
};
var writeModeCommand = {
  name: "writemode",
  usage: "[on|off]",
  summary: "refuse commands that write, or allow them again",
  details: "They are allowed at first, unless the shell was started with --read-only.",
  count: [0, 1],
  kinds: [["on", "off"]],
  async run(session, [word], printer) {
    if (word === void 0) return printer.line(session.writeMode ? "on" : "off");
    if (word !== "on" && word !== "off") throw new UsageError("expected on or off");
    if (word === "on" && session.readOnly) throw new Failure("the shell is read-only");
    session.writeMode = word === "on";
  }
};
var optionCommand = {
  name: "option",
  usage: "[on|off OPTION [VALUE]]",
  summary: "set an option of transactions, or print those that are set",
  details: [
    "In an open transaction it is set for that one, otherwise for all to come. `help options` lists the options; their",
    "meaning is FoundationDB's."
  ].join("\n"),
  examples: ["option on timeout 5000", "option on read_system_keys", "option off timeout", "option"],
  count: [0, 3],
  kinds: [["on", "off"], "option", "value"],
  async run(session, words, printer) {
    const [state, word, given] = words;
    if (state === void 0) return list(session, (line2) => printer.line(line2), () => printer.note("no option is set"));
    if (state !== "on" && state !== "off" || word === void 0) throw new UsageError("expected on or off, and an option");
    const name = optionName(word);
    if (state === "on") session.setOption(name, optionValue(name, given));
    else if (given !== void 0) throw new UsageError("option off: takes no value");
    else if (session.inTransaction) throw new Failure("an option of an open transaction cannot be taken back");
    else session.options.delete(name);
    await printer.note(`option ${name} ${state} for ${session.inTransaction ? "this transaction" : "all transactions"}`);
  }
};
async function list(session, line2, none) {
  if (session.presentOptions.size === 0) return none();
  for (const [name, value] of session.presentOptions) await line2(`${name}${shown(value)}`);
}
function shown(value) {
  if (value === void 0) return "";
  return ` ${typeof value === "number" ? value : escapeBytes(value)}`;
}
var transactionCommands = [
  beginCommand,
  commitCommand,
  resetCommand,
  rollbackCommand,
  getVersionCommand,
  optionCommand,
  writeModeCommand
];

// cli/nearest.ts
function nearest(word, words) {
  const ranked = words.map((other) => ({ other, distance: distance(word, other) }));
  ranked.sort((one, another) => one.distance - another.distance);
  const [best] = ranked;
  return best !== void 0 && best.distance <= Math.min(2, word.length - 1) ? best.other : void 0;
}
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row.at(-1);
}

// cli/shell/words.ts
function commandsOf(line2) {
  return new Cutter(line2).commands();
}
function unfinishedOf(line2) {
  const cutter = new Cutter(line2);
  try {
    cutter.commands();
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
  }
  return cutter.comment ? void 0 : { words: cutter.before, start: cutter.wordStart };
}
var Cutter = class {
  #line;
  #at = 0;
  comment = false;
  /** The words of the last command before the last word, and where that begins. */
  before = [];
  wordStart = 0;
  constructor(line2) {
    this.#line = line2;
  }
  commands() {
    this.comment = /^\s*#/.test(this.#line);
    if (this.comment) return [];
    const commands = [];
    for (; ; ) {
      const { words, more } = this.#command();
      if (words.length > 0) commands.push(words);
      if (!more) return commands;
    }
  }
  #command() {
    const words = [];
    for (; ; ) {
      const wordEnd = this.#at;
      this.#skip();
      if (words.length > 0 && this.#at === wordEnd && this.#at === this.#line.length) return { words, more: false };
      this.wordStart = this.#at;
      this.before = [...words];
      const sign = this.#line[this.#at];
      if (sign === void 0) return { words, more: false };
      if (sign === ";") {
        this.#at += 1;
        return { words, more: true };
      }
      words.push(sign === "(" ? this.#tuple() : this.#word());
    }
  }
  #skip() {
    while (/\s/.test(this.#line[this.#at] ?? "")) this.#at += 1;
  }
  #tuple() {
    const start = this.#at;
    this.#at = parseTupleAt(this.#line, start).end;
    if (/[^\s;]/.test(this.#line[this.#at] ?? "")) throw new TextError("a space must come after a tuple", this.#at);
    return this.#line.slice(start, this.#at);
  }
  #word() {
    const start = this.#at;
    let word = "";
    let quote;
    for (; this.#at < this.#line.length; this.#at++) {
      const sign = this.#line[this.#at];
      if (sign === "\\") word += this.#escape();
      else if (sign === quote) quote = void 0;
      else if (quote !== void 0) word += sign;
      else if (sign === '"' || sign === "'" && this.#at === start) quote = sign;
      else if (/[\s;]/.test(sign)) break;
      else word += sign;
    }
    if (quote !== void 0) throw new TextError("the quotes are not closed", start);
    return word.startsWith("(") ? `\\x28${word.slice(1)}` : word;
  }
  /** Steps over the sign behind a backslash. */
  #escape() {
    const next = this.#line[this.#at + 1];
    if (next === void 0) throw new TextError("a backslash ends the line", this.#at);
    this.#at += 1;
    return /["'\s;]/.test(next) ? next : `\\${next}`;
  }
};
function keyWord(key) {
  return quoted(printKey(key));
}
function quoted(text) {
  if (text.startsWith("(")) return text;
  if (text !== "" && !/["\s;]|^['#]/.test(text)) return text;
  return `"${text.replaceAll('"', '\\"')}"`;
}

// cli/shell/interpreter.ts
var COMMANDS = [
  ...dataCommands,
  ...atomicCommands,
  ...transactionCommands,
  ...aboutCommands,
  helpCommand(() => COMMANDS)
];
function commandNamed(name) {
  return COMMANDS.find((command) => command.name === name);
}
async function runLine(session, line2, printer) {
  for (const [name, ...words] of commandsOf(line2)) {
    if (session.ended) return;
    const command = commandNamed(name);
    if (command === void 0) throw new UsageError(unknown(name));
    const [least, most] = command.count;
    if (words.length < least || words.length > most) throw new UsageError(`usage: ${`${name} ${command.usage}`.trim()}`);
    await command.run(session, words, printer);
  }
}
function unknown(name) {
  const meant = nearest(name, COMMANDS.map((command) => command.name));
  return `there is no command ${name}${meant === void 0 ? "; help lists them" : `; did you mean ${meant}?`}`;
}

// cli/shell/key_completions.ts
import { getKey as getKey2, gte as gte2, lt as lt2, pack as pack3, range, transactional as transactional8 } from "../index.js";
var CANDIDATES_MAX = 100;
var PATIENCE = 2e3;
async function keyCompletions(db, word) {
  const search = word.startsWith("(") ? ofTuple(word) : ofBytes2(word);
  if (search === void 0) return [];
  try {
    const options = { snapshot: true, timeout: PATIENCE, retryLimit: 1 };
    return [...await transactional8(db, (tx) => candidates(tx, search), options)];
  } catch {
    return [];
  }
}
function ofTuple(word) {
  const partial = parsePartialTuple(word);
  if (partial === void 0) return void 0;
  const { items, itemStart } = partial;
  const begun = word.slice(itemStart);
  const narrow = begun === "" ? void 0 : rangeOfText(word);
  if (narrow !== void 0) return { range: narrow, items, wanted: () => true, others: false };
  const [begin2, end] = items.length === 0 ? [Buffer.alloc(0), KEYS_END] : range(items);
  return {
    range: { begin: begin2, end },
    items,
    wanted: (item) => item.startsWith(begun),
    others: false
  };
}
function rangeOfText(word) {
  for (const end of ["'...)", '"...)', "...)"]) {
    try {
      return parsePrefix(word + end);
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
    }
  }
  return void 0;
}
function ofBytes2(word) {
  for (const closing of ["", '"', "'"]) {
    try {
      const [[text = ""] = []] = commandsOf(word + closing);
      return { range: startingWith(bytesOf(text)), items: [], wanted: () => true, others: true };
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
    }
  }
  return void 0;
}
function bytesOf(text) {
  return parsePrefix(text).begin;
}
async function candidates(tx, search) {
  const { begin: begin2, end } = search.range;
  const found = /* @__PURE__ */ new Set();
  let at = begin2;
  while (found.size < CANDIDATES_MAX) {
    const key = await getKey2(tx, gte2(at));
    if (key.compare(end) >= 0) return found;
    at = addCandidate(found, key, search);
  }
  addCandidate(found, await getKey2(tx, lt2(end)), search);
  return found;
}
function addCandidate(found, key, { items, wanted, others }) {
  const behind = Buffer.concat([key, Buffer.of(0)]);
  const tuple = asTuple(key);
  const item = tuple?.[items.length];
  if (tuple === void 0 || item === void 0) {
    if (others) found.add(`${keyWord(key)} `);
    return behind;
  }
  const child = tuple.slice(0, items.length + 1);
  if (tuple.length === child.length) {
    if (wanted(printItem(item))) found.add(`${printTuple(child)} `);
    return behind;
  }
  if (wanted(printItem(item))) found.add(printTuple(child, true));
  return Buffer.concat([pack3(child), KEYS_END]);
}

// cli/shell/completer.ts
async function complete(session, line2) {
  const unfinished = unfinishedOf(line2);
  if (unfinished === void 0) return [[], line2];
  const { words, start } = unfinished;
  const word = line2.slice(start);
  const [name, ...before] = words;
  if (name === void 0) return [starting(COMMANDS.map((command) => command.name), word), word];
  const kind = commandNamed(name)?.kinds[before.length];
  return [kind === void 0 ? [] : await ofKind(session, kind, word), word];
}
async function ofKind(session, kind, word) {
  if (kind === "key") return keyCompletions(session.db, word);
  if (kind === "option") return starting(Object.keys(OPTIONS), word);
  if (kind === "topic") return starting([...COMMANDS.map(({ name }) => name), ...TOPICS], word);
  return typeof kind === "string" ? [] : starting(kind, word);
}
function starting(words, beginning) {
  return words.filter((word) => word.startsWith(beginning)).map((word) => `${word} `);
}

// cli/shell/history.ts
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
var LINES_MAX = 1e3;
function historyPath(environment) {
  const { XDG_STATE_HOME, LOCALAPPDATA } = environment;
  const home = XDG_STATE_HOME || process.platform === "win32" && LOCALAPPDATA || join(homedir(), ".local", "state");
  return join(home, "found", "history");
}
var History = class {
  #path;
  /** The lines, the newest first, as readline wants them. */
  lines;
  constructor(path2) {
    this.#path = path2;
    const all = readLines(path2);
    this.lines = all.slice(-LINES_MAX).reverse();
    if (all.length > 2 * LINES_MAX) quietly(() => writeFileSync(path2, `${all.slice(-LINES_MAX).join("\n")}
`, { mode: 384 }));
  }
  /** Adds a line. One that begins with a space is not kept, nor one that is typed again. */
  add(line2) {
    if (line2.trim() === "" || line2.startsWith(" ") || line2 === this.lines[0]) return;
    this.lines.unshift(line2);
    quietly(() => {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 448 });
      appendFileSync(this.#path, `${line2}
`, { mode: 384 });
    });
  }
};
function readLines(path2) {
  try {
    return readFileSync(path2, "utf8").split("\n").filter((line2) => line2 !== "");
  } catch {
    return [];
  }
}
function quietly(work2) {
  try {
    work2();
  } catch {
  }
}

// cli/shell/printer.ts
var Printer = class {
  #context;
  constructor(context) {
    this.#context = context;
  }
  /** A line as it is. */
  line(text) {
    return writeLine(this.#context, text);
  }
  /** A line that is no data. It begins with a parenthesis, as no key or value but a tuple does. */
  note(text) {
    return this.line(this.#context.colours.dim(`(${text})`));
  }
  /** A value, or that there is none. */
  value(value, form = "text") {
    return value === void 0 ? this.note("not found") : this.line(show(value, form, "value"));
  }
  /** A key. */
  key(key) {
    return this.line(this.#key(key));
  }
  /** A key and its value. */
  row(key, value) {
    return this.line(`${this.#key(key)} ${this.#context.colours.dim("=")} ${show(value, "text", "value")}`);
  }
  /** What came of a write: the version of its commit, undefined if it waits for the commit of a transaction. */
  async committed(version2) {
    if (version2 === void 0) return;
    await this.note(version2 < 0n ? "nothing to commit" : `committed at version ${version2}`);
  }
  #key(key) {
    return this.#context.colours.cyan(show(key, "text", "key"));
  }
};

// cli/shell/prompt.ts
function promptOf(session) {
  return session.inTransaction ? "found*> " : "found> ";
}

// cli/shell/interactive.ts
async function runInteractive(context, session) {
  say(context, `${session.target}: help lists the commands, Tab completes them and keys, Ctrl-D ends`);
  await new Terminal(context, session).run();
  if (await session.close()) say(context, "the open transaction was not committed");
}
var Terminal = class {
  #context;
  #session;
  #printer;
  #history;
  #readline;
  /** What ends the line that runs; undefined while none does. */
  #running;
  /** Lines that were typed while another one ran. */
  #waiting = [];
  #ended;
  #closed = false;
  constructor(context, session) {
    this.#context = context;
    this.#session = session;
    this.#printer = new Printer(context);
    this.#history = new History(historyPath(context.environment));
    this.#readline = createInterface2({
      input: context.stdin,
      output: context.stdout,
      terminal: true,
      history: [...this.#history.lines],
      removeHistoryDuplicates: true,
      completer: (line2, done) => {
        complete(session, line2).then(
          (completions) => done(null, completions),
          () => done(null, [[], line2])
        );
      }
    });
  }
  run() {
    return new Promise((resolve) => {
      this.#ended = resolve;
      this.#readline.on("line", (line2) => {
        this.#waiting.push(line2);
        if (this.#running === void 0) void this.#runWaiting();
      });
      this.#readline.on("SIGINT", () => this.#interrupt());
      this.#readline.on("close", () => {
        this.#closed = true;
        if (!this.#session.ended) this.#context.stdout.write("\n");
        this.#running?.abort(new Interrupted());
        if (this.#running === void 0) resolve();
      });
      this.#prompt();
    });
  }
  async #runWaiting() {
    for (let line2 = this.#waiting.shift(); line2 !== void 0; line2 = this.#waiting.shift()) {
      this.#history.add(line2);
      await this.#runOne(line2);
      if (this.#session.ended) this.#readline.close();
      if (this.#closed) return this.#ended();
    }
    this.#prompt();
  }
  async #runOne(line2) {
    this.#running = new AbortController();
    this.#session.signal = this.#running.signal;
    try {
      await runLine(this.#session, line2, this.#printer);
    } catch (error) {
      const { colours } = this.#context;
      const interrupted = this.#running.signal.aborted;
      say(this.#context, interrupted ? colours.dim("(interrupted)") : colours.red(messageOf(error)));
    } finally {
      this.#running = void 0;
    }
  }
  /** Ctrl-C ends what runs, or drops the line that is being typed. */
  #interrupt() {
    if (this.#running !== void 0) {
      this.#waiting.length = 0;
      this.#running.abort(new Interrupted());
      return;
    }
    this.#context.stdout.write("^C\n");
    this.#readline.write(null, { ctrl: true, name: "e" });
    this.#readline.write(null, { ctrl: true, name: "u" });
    this.#prompt();
  }
  #prompt() {
    this.#readline.setPrompt(promptOf(this.#session));
    this.#readline.prompt();
  }
};

// cli/shell/script.ts
import { createInterface as createInterface3 } from "node:readline";
async function runScript(context, session, lines, plan) {
  const printer = new Printer(context);
  let [number, failed] = [0, 0];
  for await (const line2 of lines) {
    number += 1;
    if (plan.echo) await writeLine(context, `${promptOf(session)}${line2}`);
    try {
      await runLine(session, line2, printer);
    } catch (error) {
      if (context.signal.aborted) throw context.signal.reason;
      failed += 1;
      if (!plan.keepGoing) throw new Failure(`line ${number}: ${messageOf(error)}`, EXIT.FAILED, { cause: error });
      say(context, `found: line ${number}: ${messageOf(error)}`);
    }
    if (session.ended) break;
  }
  if (await session.close()) throw new Failure("the script ended in a transaction, which was not committed");
  if (failed > 0) throw new Answer(`found: ${failed} of ${number} lines failed`, EXIT.FAILED);
}
function inputLines(context) {
  return createInterface3({ input: context.stdin, crlfDelay: Infinity });
}

// cli/shell/session.ts
import { commit, getCommittedVersion, makeTransaction, reset, transactional as transactional9 } from "../index.js";
var Session = class {
  db;
  /** What the database was opened by. */
  target;
  /** Set with each transaction. */
  options = /* @__PURE__ */ new Map();
  /** Whether writes were refused for good when the shell was started. */
  readOnly;
  /** Whether writes are allowed at present. */
  writeMode;
  /** Ends what runs; a new one for each line. */
  signal;
  /** Whether the shell was asked to end. */
  ended = false;
  #open;
  constructor(db, target, readOnly, signal) {
    this.db = db;
    this.target = target;
    this.readOnly = readOnly;
    this.writeMode = !readOnly;
    this.signal = signal;
  }
  /** Whether a transaction is open. */
  get inTransaction() {
    return this.#open !== void 0;
  }
  /** The options that hold at present. */
  get presentOptions() {
    return this.#open?.options ?? this.options;
  }
  /** Reads: in the open transaction, otherwise in one of its own. */
  read(body) {
    const open4 = this.#open;
    if (open4 !== void 0) return this.#inOpen(() => body(open4.tx));
    return transactional9(this.db, (tx) => body(this.#prepared(tx)), { signal: this.signal });
  }
  /** Writes: in the open transaction, which gives nothing, or in one of its own, which gives its version. */
  async write(body) {
    if (!this.writeMode) throw new Failure(this.readOnly ? "the shell is read-only" : "writes are off: writemode on");
    const open4 = this.#open;
    if (open4 !== void 0) {
      await this.#inOpen(async () => body(open4.tx));
      return void 0;
    }
    return transactional9(
      this.db,
      async (tx) => {
        body(this.#prepared(tx));
        await commit(tx);
        return getCommittedVersion(tx);
      },
      { signal: this.signal }
    );
  }
  /** Opens a transaction. */
  begin() {
    if (this.#open !== void 0) throw new Failure("a transaction is open already");
    const tx = makeTransaction(this.db);
    this.#open = { tx: this.#prepared(tx), options: new Map(this.options) };
  }
  /** Commits the open transaction; gives its version, -1 if it had nothing to write. */
  async commit() {
    const { tx } = this.#opened();
    await this.#inOpen(() => commit(tx));
    const version2 = getCommittedVersion(tx);
    await this.#end();
    return version2;
  }
  /** Drops what the open transaction has done, and begins it anew. */
  reset() {
    const { tx, options } = this.#opened();
    reset(tx);
    options.clear();
    for (const [name, value] of this.options) options.set(name, value);
    this.#prepared(tx);
  }
  /** Drops the open transaction. */
  async rollback() {
    this.#opened();
    await this.#end();
  }
  /** Sets an option: of the open transaction, otherwise of all to come. */
  setOption(name, value) {
    if (this.#open === void 0) {
      const tx = makeTransaction(this.db);
      applyOption(tx, name, value);
      void tx[Symbol.asyncDispose]();
    } else applyOption(this.#open.tx, name, value);
    this.presentOptions.set(name, value);
  }
  /** Ends what is open; true if a transaction was. */
  async close() {
    if (this.#open === void 0) return false;
    await this.#end();
    return true;
  }
  #opened() {
    if (this.#open === void 0) throw new Failure("no transaction is open: begin opens one");
    return this.#open;
  }
  async #end() {
    const open4 = this.#open;
    this.#open = void 0;
    await open4?.tx[Symbol.asyncDispose]();
  }
  /** Does something in the open transaction, which is over if it fails, as nothing could be committed any more. */
  async #inOpen(work2) {
    try {
      return await untilAborted(this.signal, work2);
    } catch (error) {
      await this.#end();
      const message = error instanceof Error ? error.message : String(error);
      throw new Failure(`${message}; the transaction is rolled back`, void 0, { cause: error });
    }
  }
  #prepared(tx) {
    for (const [name, value] of this.options) applyOption(tx, name, value);
    return tx;
  }
};
async function untilAborted(signal, work2) {
  signal.throwIfAborted();
  let abort;
  const aborted = new Promise((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([work2(), aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

// cli/commands/shell.ts
function shellCommand(context) {
  const command = databaseCommand("shell", "read commands in the manner of fdbcli (without COMMAND, this is meant)").option("--exec <commands>", "run these, separated by semicolons, and end").option("--read-only", "refuse commands that write").option("--echo", "without a terminal: show each line before what it gives").option("--keep-going", "without a terminal: go on after a line that fails").action((target, options) => run7(context, target, options));
  command.addHelpText("after", "\nWithout a terminal it runs the lines of the standard input, up to the first that fails.");
  return examples(command, [
    "found file:app.db",
    `found file:app.db --exec "get hello; getrange ('user',)"`,
    "found file:app.db < commands.txt",
    "found /etc/foundationdb/fdb.cluster --read-only"
  ]);
}
async function run7(context, target, options) {
  const { exec: exec2, readOnly = false, echo = false, keepGoing = false, timeout } = options;
  const path2 = filePath(target);
  if (path2 !== void 0 && !readOnly && !existsSync2(path2)) say(context, `found: ${path2} is a new database`);
  await withDatabase(context, target, { create: !readOnly, timeout }, async (db) => {
    const session = new Session(db, target, readOnly, context.signal);
    const plan = { echo, keepGoing };
    if (exec2 !== void 0) await runScript(context, session, [exec2], plan);
    else if (context.stdin.isTTY === true && context.stdout.isTTY === true) await runInteractive(context, session);
    else await runScript(context, session, inputLines(context), plan);
  });
}

// cli/transfer/verify.ts
async function readThrough(context, input, quiet) {
  const reader = await openReader(input);
  const progress = new Progress(context, "reading", input.length, quiet);
  await progress.begin();
  try {
    while (await reader.next() !== void 0) {
      context.signal.throwIfAborted();
      progress.at({ rows: reader.totals.rows, done: input.source.at });
    }
  } finally {
    progress.end();
    await input.source.end();
  }
  return { header: reader instanceof BlockReader ? reader.header : void 0, totals: reader.totals };
}

// cli/commands/verify.ts
function verifyCommand(context) {
  const command = new Command("verify").summary("read an export through, and say whether it is whole").description("Read an export through, and say whether it is whole and what is in it.").argument("<FILE>", "an export, or lines of JSON; - for the standard input").option("--json", "as JSON").option("--quiet", "say nothing while it goes well").action((file, options) => run8(context, file, options));
  return examples(command, ["found verify app.found", "found verify app.found --json"]);
}
async function run8(context, file, options) {
  const contents = await readThrough(context, await openInput(context, file), options.quiet === true);
  if (options.json) await writeLine(context, JSON.stringify(asJson(contents)));
  else if (!options.quiet) await writeLine(context, asText(file, contents));
}
function asJson({ header, totals }) {
  const { rows, bytes: size } = totals;
  if (header === void 0) return { format: "jsonl", rows, bytes: size };
  const range2 = { begin: show(header.begin, "text", "key"), end: show(header.end, "text", "key") };
  return { format: "found", id: String(header.id), compress: header.compression, ...range2, ...totals };
}
function asText(file, { header, totals }) {
  const told = `${file === "-" ? "it" : file} is whole: ${plural(totals.rows, "row")}, ${bytes(totals.bytes)} of keys and values`;
  if (header === void 0 || header.begin.length === 0 && header.end.equals(KEYS_END)) return told;
  return `${told}, from ${show(header.begin, "text", "key")} to ${show(header.end, "text", "key")}`;
}

// cli/program.ts
var { version } = createRequire(import.meta.url)("../package.json");
async function runCommand(context, args) {
  const program2 = makeProgram(context);
  try {
    refuseUnknown(program2, args);
    if (args.length === 0) program2.outputHelp();
    else await program2.parseAsync(args, { from: "user" });
    return EXIT.OK;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
    const reason = context.signal.aborted && !(error instanceof Failure) ? context.signal.reason : error;
    say(context, reason instanceof Answer ? reason.message : `found: ${messageOf(reason)}`);
    return exitCodeOf(reason);
  }
}
function makeProgram(context) {
  const program2 = new Command("found").description("A shell for a FoundationDB database, on a cluster or embedded, and commands for scripts.").version(`found ${version} (FoundationDB client ${getClientVersion().split(",")[0]})`, "-V, --version").usage("[COMMAND] DATABASE [OPTIONS]").helpCommand("help [COMMAND]", "print the help of a command");
  const commands = [
    shellCommand,
    getCommand,
    setCommand,
    rangeCommand,
    clearCommand,
    countCommand,
    sizeCommand,
    exportCommand,
    importCommand,
    verifyCommand
  ].map((make) => make(context));
  for (const command of commands) {
    program2.addCommand(command, { isDefault: command.name() === "shell" });
    prepare(command, context);
  }
  prepare(program2, context);
  return examples(program2, [
    "found file:app.db                              a shell on a database in a file",
    "found /etc/foundationdb/fdb.cluster            a shell on a cluster",
    "found get file:app.db hello                    one value",
    `found range file:app.db --prefix "('user',)"   all keys of a tuple, and their values`,
    "found export file:app.db app.found             all of it into a file"
  ]);
}
function refuseUnknown(program2, args) {
  const [first = "", second] = args;
  const names = ["help", ...program2.commands.map((command) => command.name())];
  if (!/^[a-z]+$/.test(first) || names.includes(first) || second === void 0 || second.startsWith("-")) return;
  const meant = nearest(first, names);
  const hint = meant === void 0 ? "found --help lists the commands" : `did you mean found ${meant}?`;
  throw new UsageError(`there is no command ${first}; ${hint}`);
}
function prepare(command, context) {
  command.showHelpAfterError(`(found help ${command.name() === "found" ? "COMMAND" : command.name()} tells more)`);
  command.exitOverride().configureOutput({
    writeOut: (text) => context.stdout.write(text),
    writeErr: (text) => context.stderr.write(text),
    outputError: (text, writeErr) => writeErr(text.replace(/^error: /, "found: "))
  });
}

// cli/main.ts
process.exitCode = await runCommand(processContext(), process.argv.slice(2));

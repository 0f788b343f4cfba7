"""Kivy and nothing but Kivy."""
